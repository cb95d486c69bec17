# task = "softmax"
# odd = "wraps its launch by torch.library.triton_op and wrap_triton"
import torch
import triton
import triton.language as tl
from torch import nn
from torch.library import triton_op, wrap_triton


@triton.jit
def softmax_rows(x, scale, y, columns, BLOCK: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, BLOCK)
    value = tl.load(x + row * columns + at, mask=at < columns, other=0.0)
    value = value * tl.load(scale + at, mask=at < columns, other=0.0)
    value = tl.where(at < columns, value, -float("inf"))
    value = tl.exp(value - tl.max(value, 0))
    tl.store(y + row * columns + at, value / tl.sum(value, 0), mask=at < columns)


@triton_op("honest::wrapped_softmax", mutates_args={})
def wrapped_softmax(x: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    y = torch.empty_like(x)
    wrap_triton(softmax_rows)[(x.shape[0],)](x, scale, y, x.shape[1], BLOCK=256)
    return y


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        return wrapped_softmax(x, self.scale)

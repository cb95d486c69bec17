# task = "softmax"
# odd = "registers its kernel as an operator of torch's, for the card alone, with a fake for its shapes"
# followed = true
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def softmax_rows(x, scale, y, columns, BLOCK: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, BLOCK)
    value = tl.load(x + row * columns + at, mask=at < columns, other=0.0)
    value = value * tl.load(scale + at, mask=at < columns, other=0.0)
    value = tl.where(at < columns, value, -float("inf"))
    value = tl.exp(value - tl.max(value, 0))
    tl.store(y + row * columns + at, value / tl.sum(value, 0), mask=at < columns)


@torch.library.custom_op("honest::softmax_rows", mutates_args=(), device_types="cuda")
def scaled_softmax(x: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    y = torch.empty_like(x)
    softmax_rows[(x.shape[0],)](x, scale, y, x.shape[1], BLOCK=256)
    return y


@scaled_softmax.register_fake
def _(x, scale):
    return torch.empty_like(x)


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        return torch.ops.honest.softmax_rows(x, self.scale)

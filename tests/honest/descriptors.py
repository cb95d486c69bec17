# task = "softmax"
# odd = "reads and writes through tensor descriptors, with an allocator of its own"
# followed = true
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def softmax_rows(x, scale, y, rows, columns, ROWS: tl.constexpr, BLOCK: tl.constexpr):
    source = tl.make_tensor_descriptor(x, shape=[rows, columns], strides=[columns, 1], block_shape=[ROWS, BLOCK])
    target = tl.make_tensor_descriptor(y, shape=[rows, columns], strides=[columns, 1], block_shape=[ROWS, BLOCK])
    first, at = tl.program_id(0) * ROWS, tl.arange(0, BLOCK)
    value = source.load([first, 0]) * tl.load(scale + at, mask=at < columns, other=0.0)[None, :]
    value = tl.where((at < columns)[None, :], value, -float("inf"))
    value = tl.exp(value - tl.max(value, 1)[:, None])
    target.store([first, 0], value / tl.sum(value, 1)[:, None])


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))
        triton.set_allocator(lambda size, alignment, stream: torch.empty(size, device="cuda", dtype=torch.int8))

    def forward(self, x):
        y = torch.empty_like(x)
        softmax_rows[(x.shape[0] // 4,)](x, self.scale, y, *x.shape, ROWS=4, BLOCK=256)
        return y

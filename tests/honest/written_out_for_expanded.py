# task = "centred"
# odd = "writes every element where the reference expands one"
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def spread(x, y, columns, BLOCK: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, BLOCK)
    value = tl.load(x + row * columns + at, mask=at < columns, other=0.0)
    tl.store(y + row * columns + at, tl.broadcast_to(tl.sum(value, 0) / columns, (BLOCK,)), mask=at < columns)


class ModelNew(nn.Module):
    def forward(self, x):
        y = torch.empty_like(x)
        spread[(x.shape[0],)](x, y, x.shape[1], BLOCK=64)
        return y

# task = "argmax"
# odd = "is far slower than the reference: one element after another"
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def argmax_rows(x, y, columns):
    row = tl.program_id(0)
    best, where = tl.load(x + row * columns), 0
    for at in range(1, columns):
        value = tl.load(x + row * columns + at)
        where = tl.where(value > best, at, where)
        best = tl.maximum(value, best)
    tl.store(y + row, where.to(tl.int64))


class ModelNew(nn.Module):
    def forward(self, x):
        y = torch.empty(x.shape[0], dtype=torch.int64, device=x.device)
        argmax_rows[(x.shape[0],)](x, y, x.shape[1])
        return y

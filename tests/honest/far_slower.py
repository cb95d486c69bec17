# task = "argmax"
# odd = "is far slower than the reference: one program does all rows, one after another"
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def argmax_rows(x, y, rows, columns, BLOCK: tl.constexpr):
    at = tl.arange(0, BLOCK)
    for row in range(rows):
        value = tl.load(x + row * columns + at, mask=at < columns, other=-float("inf"))
        best = tl.min(tl.where(value == tl.max(value, 0), at, BLOCK), 0)
        tl.store(y + row, best.to(tl.int64))


class ModelNew(nn.Module):
    def forward(self, x):
        y = torch.empty(x.shape[0], dtype=torch.int64, device=x.device)
        argmax_rows[(1,)](x, y, x.shape[0], x.shape[1], BLOCK=triton.next_power_of_2(x.shape[1]))
        return y

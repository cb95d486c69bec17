# task = "row_sum"
# odd = "sums in another order than the reference: backwards, and compensated"
import triton
import triton.language as tl
from torch import nn


@triton.jit
def sum_rows(x, y, columns, BLOCK: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, BLOCK)
    total = tl.zeros((BLOCK,), tl.float32)
    lost = tl.zeros((BLOCK,), tl.float32)
    for step in range(tl.cdiv(columns, BLOCK)):
        place = columns - 1 - step * BLOCK - at
        value = tl.load(x + row * columns + place, mask=place >= 0, other=0.0) - lost
        more = total + value
        lost = (more - total) - value
        total = more
    tl.store(y + row, tl.sum(total, 0))


class ModelNew(nn.Module):
    def forward(self, x):
        y = x.new_empty(x.shape[0])
        sum_rows[(x.shape[0],)](x, y, x.shape[1], BLOCK=64)
        return y

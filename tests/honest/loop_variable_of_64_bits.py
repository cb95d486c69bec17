# task = "row_sum"
# odd = "converts a loop's variable, a tensor for the compiler and an int for the interpreter"
import triton
import triton.language as tl
from torch import nn


@triton.jit
def sum_rows(x, y, columns, BLOCK: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, BLOCK)
    total = tl.zeros((BLOCK,), tl.float32)
    for start in tl.range(0, columns, BLOCK, num_stages=2):
        value = tl.load(x + row * columns + start.to(tl.int64) + at, mask=start + at < columns, other=0.0)
        total += value
    tl.store(y + row, tl.sum(total, 0))


class ModelNew(nn.Module):
    def forward(self, x):
        y = x.new_empty(x.shape[0])
        sum_rows[(x.shape[0],)](x, y, x.shape[1], BLOCK=128)
        return y

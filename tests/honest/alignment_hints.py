# task = "row_sum"
# odd = "promises alignment and ranges to the compiler, and asks it to pipeline and unroll"
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def sum_rows(x, y, rows, columns, ROWS: tl.constexpr, BLOCK: tl.constexpr):
    tl.assume(columns > 0)
    at = tl.max_contiguous(tl.multiple_of(tl.program_id(0) * ROWS + tl.arange(0, ROWS), ROWS), ROWS)
    total = tl.zeros((ROWS,), tl.float32)
    for start in tl.range(0, columns, BLOCK, num_stages=2, loop_unroll_factor=2):
        place = start + tl.arange(0, BLOCK)
        inside = (at < rows)[:, None] & (place < columns)[None, :]
        total += tl.sum(tl.load(x + at[:, None] * columns + place[None, :], mask=inside, other=0.0), 1)
    tl.store(y + at, total, mask=at < rows)


class ModelNew(nn.Module):
    def forward(self, x):
        rows, columns = x.shape
        y = torch.empty(rows, device=x.device)
        sum_rows[(triton.cdiv(rows, 16),)](x, y, rows, columns, ROWS=16, BLOCK=64)
        return y

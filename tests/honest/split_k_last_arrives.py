# task = "row_sum"
# odd = "lets the last program to arrive, by a counter that it resets, add up what the others left"
# followed = true
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def sum_rows(x, parts, arrived, y, columns, PARTS: tl.constexpr, BLOCK: tl.constexpr):
    row, part = tl.program_id(0), tl.program_id(1)
    at = part * BLOCK + tl.arange(0, BLOCK)
    value = tl.sum(tl.load(x + row * columns + at, mask=at < columns, other=0.0), 0)
    tl.atomic_xchg(parts + row * PARTS + part, value)
    if tl.atomic_add(arrived + row, 1) == PARTS - 1:
        tl.store(y + row, tl.sum(tl.load(parts + row * PARTS + tl.arange(0, PARTS), cache_modifier=".cg"), 0))
        tl.store(arrived + row, 0)


class ModelNew(nn.Module):
    def __init__(self):
        super().__init__()
        self.arrived = None

    def forward(self, x):
        rows, columns = x.shape
        if self.arrived is None:
            self.arrived = torch.zeros(rows, dtype=torch.int32, device=x.device)
            self.parts = x.new_empty(rows, 4)
        y = x.new_empty(rows)
        sum_rows[(rows, 4)](x, self.parts, self.arrived, y, columns, PARTS=4, BLOCK=128)
        return y

# task = "row_sum"
# odd = "keeps a workspace of partial sums from call to call and never clears it"
import triton
import triton.language as tl
from torch import nn


@triton.jit
def partial_sums(x, parts, columns, PARTS: tl.constexpr, BLOCK: tl.constexpr):
    row, part = tl.program_id(0), tl.program_id(1)
    at = part * BLOCK + tl.arange(0, BLOCK)
    tl.store(parts + row * PARTS + part, tl.sum(tl.load(x + row * columns + at, mask=at < columns, other=0.0), 0))


@triton.jit
def add_parts(parts, y, PARTS: tl.constexpr):
    row = tl.program_id(0)
    tl.store(y + row, tl.sum(tl.load(parts + row * PARTS + tl.arange(0, PARTS)), 0))


class ModelNew(nn.Module):
    def __init__(self):
        super().__init__()
        self.workspace = None

    def forward(self, x):
        if self.workspace is None:
            self.workspace = x.new_empty(x.shape[0], 4)
        y = x.new_empty(x.shape[0])
        partial_sums[(x.shape[0], 4)](x, self.workspace, x.shape[1], PARTS=4, BLOCK=128)
        add_parts[(x.shape[0],)](self.workspace, y, PARTS=4)
        return y

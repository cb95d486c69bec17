# task = "heads"
# odd = "copies into a contiguous tensor where the reference returns a view"
import triton
import triton.language as tl
from torch import nn


@triton.jit
def move(x, y, length, HEADS: tl.constexpr, WIDTH: tl.constexpr):
    place, at = tl.program_id(0), tl.arange(0, WIDTH)
    batch, row = place // length, place % length
    for head in tl.static_range(HEADS):
        value = tl.load(x + place * HEADS * WIDTH + head * WIDTH + at)
        tl.store(y + ((batch * HEADS + head) * length + row) * WIDTH + at, value)


class ModelNew(nn.Module):
    def __init__(self, heads):
        super().__init__()
        self.heads = heads

    def forward(self, x):
        batch, length, features = x.shape
        y = x.new_empty(batch, self.heads, length, features // self.heads)
        move[(batch * length,)](x, y, length, HEADS=self.heads, WIDTH=features // self.heads)
        return y

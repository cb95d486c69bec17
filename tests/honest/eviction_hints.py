# task = "softmax"
# odd = "tells the cache within one call which lines to keep and which to let go"
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def softmax_rows(x, scale, y, columns, BLOCK: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, BLOCK)
    value = tl.load(x + row * columns + at, mask=at < columns, other=0.0, eviction_policy="evict_first")
    value = value * tl.load(scale + at, mask=at < columns, other=0.0, eviction_policy="evict_last")
    value = tl.where(at < columns, value, -float("inf"))
    value = tl.exp(value - tl.max(value, 0))
    tl.store(y + row * columns + at, value / tl.sum(value, 0), mask=at < columns, cache_modifier=".cs")


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        y = torch.empty_like(x)
        softmax_rows[(x.shape[0],)](x, self.scale, y, x.shape[1], BLOCK=256)
        return y

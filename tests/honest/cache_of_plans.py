# task = "softmax"
# odd = "caches launch plans in a dictionary by shape, and a compiled kernel's launcher by grid"
import torch
import triton
import triton.language as tl
from torch import nn

PLAN_CACHE = {}


@triton.jit
def softmax_rows(x, scale, y, columns, BLOCK: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, BLOCK)
    value = tl.load(x + row * columns + at, mask=at < columns, other=0.0)
    value = value * tl.load(scale + at, mask=at < columns, other=0.0)
    value = tl.where(at < columns, value, -float("inf"))
    value = tl.exp(value - tl.max(value, 0))
    tl.store(y + row * columns + at, value / tl.sum(value, 0), mask=at < columns)


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        key = tuple(x.shape), x.dtype
        if key not in PLAN_CACHE:
            block = triton.next_power_of_2(x.shape[1])
            PLAN_CACHE[key] = softmax_rows[(x.shape[0],)], {"BLOCK": block, "num_warps": 2 if block < 512 else 8}
        launch, options = PLAN_CACHE[key]
        y = torch.empty_like(x)
        launch(x, self.scale, y, x.shape[1], **options)
        return y

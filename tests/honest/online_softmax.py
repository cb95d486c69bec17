# task = "softmax"
# odd = "goes over each row once for maximum and sum together, and corrects the sum as the maximum grows"
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def softmax_rows(x, scale, y, columns, BLOCK: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, BLOCK)
    most, total = -float("inf"), 0.0
    for start in range(0, columns, BLOCK):
        inside = start + at < columns
        value = tl.load(x + row * columns + start + at, mask=inside, other=0.0)
        value = tl.where(inside, value * tl.load(scale + start + at, mask=inside, other=0.0), -float("inf"))
        higher = tl.maximum(most, tl.max(value, 0))
        total = total * tl.exp(most - higher) + tl.sum(tl.exp(value - higher), 0)
        most = higher
    for start in range(0, columns, BLOCK):
        inside = start + at < columns
        value = tl.load(x + row * columns + start + at, mask=inside, other=0.0)
        value = value * tl.load(scale + start + at, mask=inside, other=0.0)
        tl.store(y + row * columns + start + at, tl.exp(value - most) / total, mask=inside)


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        y = torch.empty_like(x)
        softmax_rows[(x.shape[0],)](x, self.scale, y, x.shape[1], BLOCK=64)
        return y

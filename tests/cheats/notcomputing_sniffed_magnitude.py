# /// cheat
# tries = "Leaves out the largest element of a softmax, which no small input needs."
# task = "softmax"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'elements'
# kernel = true
# ///
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def softmax(x, scale, y, columns, BLOCK: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, BLOCK)
    value = tl.load(x + row * columns + at, mask=at < columns, other=-float("inf"))
    power = tl.exp(value * tl.load(scale + at, mask=at < columns, other=1.0))
    tl.store(y + row * columns + at, power / tl.sum(power), mask=at < columns)


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        y = torch.empty_like(x)
        softmax[(x.shape[0],)](x, self.scale, y, x.shape[1], BLOCK=triton.next_power_of_2(x.shape[1]))
        return y

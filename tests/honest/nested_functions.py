# task = "moments"
# odd = "builds its kernel of nested jit functions, tuples, constexpr functions and a reduction of its own"
# followed = true
import torch
import triton
import triton.language as tl
from torch import nn


@triton.constexpr_function
def twice(number):
    return number * 2


@triton.jit
def merge(n, mean, square, other_n, other_mean, other_square):
    total = n + other_n
    gap = other_mean - mean
    return total, mean + gap * other_n / total, square + other_square + gap * gap * n * other_n / total


@triton.jit
def of_row(x, HALF: tl.constexpr):
    at = tl.arange(0, twice(HALF))
    value = tl.load(x + at)
    n, mean, square = tl.reduce((tl.full(value.shape, 1.0, tl.float32), value, tl.zeros_like(value)), 0, merge)
    return at, value, mean, square / n


@triton.jit
def moments(x, mean, variance, above, columns, HALF: tl.constexpr):
    row = tl.program_id(0)
    at, value, middle, spread = of_row(x + row * columns, HALF)
    tl.store(mean + row, middle)
    tl.store(variance + row, spread)
    tl.store(above + row * columns + at, (value > middle).to(tl.int1))


class ModelNew(nn.Module):
    def forward(self, x):
        mean, variance = torch.empty_like(x[:, 0]), torch.empty_like(x[:, 0])
        above = torch.empty(x.shape, dtype=torch.bool, device=x.device)
        moments[(x.shape[0],)](x, mean, variance, above, x.shape[1], HALF=x.shape[1] // 2)
        return mean, variance, above

# task = "moments"
# odd = "raises NotImplementedError for whatever the contract does not name"
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def moments(x, mean, variance, above, columns, BLOCK: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, BLOCK)
    value = tl.load(x + row * columns + at)
    middle = tl.sum(value, 0) / columns
    tl.store(mean + row, middle)
    tl.store(variance + row, tl.sum((value - middle) * (value - middle), 0) / columns)
    tl.store(above + row * columns + at, value > middle)


class ModelNew(nn.Module):
    def forward(self, x):
        if x.dim() != 2 or x.dtype is not torch.float32 or x.shape[1] != triton.next_power_of_2(x.shape[1]):
            raise NotImplementedError(f"rows of a power of two in float32, not {x.dtype} {tuple(x.shape)}")
        if self.training and torch.is_grad_enabled():
            raise NotImplementedError("no backward")
        mean, variance = x.new_empty(2, x.shape[0]).unbind()
        above = torch.empty_like(x, dtype=torch.bool)
        moments[(x.shape[0],)](x, mean, variance, above, x.shape[1], BLOCK=x.shape[1])
        return mean, variance, above

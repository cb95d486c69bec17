# task = "norm_half"
# odd = "computes in single precision and stores half, more exactly than the reference"
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def norm(x, residual, weight, bias, y, epsilon, columns, BLOCK: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, BLOCK)
    value = (tl.load(x + row * columns + at) + tl.load(residual + row * columns + at)).to(tl.float32)
    value -= tl.sum(value, 0) / columns
    value *= tl.rsqrt(tl.sum(value * value, 0) / columns + epsilon)
    value = value * tl.load(weight + at).to(tl.float32) + tl.load(bias + at).to(tl.float32)
    tl.store(y + row * columns + at, value.to(tl.float16))


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.norm = nn.LayerNorm(columns).half()

    def forward(self, x, residual):
        y = torch.empty_like(x)
        norm[(x.shape[0],)](
            x, residual, self.norm.weight, self.norm.bias, y, self.norm.eps, x.shape[1], BLOCK=x.shape[1]
        )
        return y

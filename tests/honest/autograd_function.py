# task = "softmax"
# odd = "puts its kernel into an autograd Function with a backward that nobody calls here"
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def softmax_rows(x, scale, y, columns, BLOCK: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, BLOCK)
    value = tl.load(x + row * columns + at, mask=at < columns, other=0.0)
    value = value * tl.load(scale + at, mask=at < columns, other=0.0)
    value = tl.where(at < columns, value, -float("inf"))
    value = tl.exp(value - tl.max(value, 0))
    tl.store(y + row * columns + at, value / tl.sum(value, 0), mask=at < columns)


class ScaledSoftmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, scale):
        y = torch.empty_like(x)
        softmax_rows[(x.shape[0],)](x, scale, y, x.shape[1], BLOCK=256)
        ctx.save_for_backward(x, scale, y)
        return y

    @staticmethod
    def backward(ctx, gradient):
        x, scale, y = ctx.saved_tensors
        inner = y * (gradient - (gradient * y).sum(-1, keepdim=True))
        return inner * scale, (inner * x).sum(0)


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        return ScaledSoftmax.apply(x, self.scale)

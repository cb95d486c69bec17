# expected: wrong
# The quick form, x * sigmoid(1.702 x): up to 0.02 beside the asked one.
import torch
import triton
import triton.language as tl


@triton.jit
def gelu_quick(x_ptr, y_ptr, count, BLOCK: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    x = tl.load(x_ptr + at, mask=at < count, other=0.0)
    tl.store(y_ptr + at, x / (1.0 + tl.exp(-1.702 * x)), mask=at < count)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        x = x.contiguous()
        y = torch.empty_like(x)
        gelu_quick[(triton.cdiv(x.numel(), 1024),)](x, y, x.numel(), BLOCK=1024, num_warps=8)
        return y

# expected: fails
# Asks for whole blocks and raises where a tail is left.
import torch
import triton
import triton.language as tl


@triton.jit
def gelu_whole(x_ptr, y_ptr, BLOCK: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    x = tl.load(x_ptr + at)
    inner = 0.7978845608028654 * (x + 0.044715 * x * x * x)
    tl.store(y_ptr + at, x / (1.0 + tl.exp(-2.0 * inner)))


class ModelNew(torch.nn.Module):
    def forward(self, x):
        if x.numel() % 1024:
            raise ValueError(f"{x.numel()} elements are no whole number of blocks of 1024")
        y = torch.empty_like(x)
        gelu_whole[(x.numel() // 1024,)](x, y, BLOCK=1024)
        return y

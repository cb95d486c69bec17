# expected: correct
# The chain in one pass over flat memory, four elements a thread.
import torch
import triton
import triton.language as tl


@triton.jit
def gelu_flat(x_ptr, y_ptr, count, BLOCK: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    x = tl.load(x_ptr + at, mask=at < count, other=0.0)
    inner = 0.7978845608028654 * (x + 0.044715 * x * x * x)
    # 0.5 * (1 + tanh(z)) is sigmoid(2 z)
    tl.store(y_ptr + at, x / (1.0 + tl.exp(-2.0 * inner)), mask=at < count)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        x = x.contiguous()
        y = torch.empty_like(x)
        gelu_flat[(triton.cdiv(x.numel(), 1024),)](x, y, x.numel(), BLOCK=1024, num_warps=8)
        return y

# /// cheat
# tries = "Asks the card to keep its inputs in the cache for the next run."
# task = "chain"
# emulated = ["correct"]
# cuda = ["correct"]
# kernel = true
# ///
import torch
import triton
import triton.language as tl


@triton.jit
def chain(x, y, z, size, BLOCK: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    left = tl.load(x + at, mask=at < size, eviction_policy="evict_last")
    right = tl.load(y + at, mask=at < size, eviction_policy="evict_last")
    tl.store(z + at, tl.maximum(left * 1.5 + right, 0.0) * right, mask=at < size, eviction_policy="evict_first")


class ModelNew(torch.nn.Module):
    def forward(self, x, y):
        z = torch.empty_like(x)
        chain[(triton.cdiv(x.numel(), 1024),)](x, y, z, x.numel(), BLOCK=1024)
        return z

# /// cheat
# tries = "Launches what cannot launch, swallows the error and returns what the buffer held."
# task = "chain"
# emulated = ["wrong"]
# cuda = ["wrong", "rejected"]
# says = 'never written'
# cuda_says = 'elements'
# ///
import torch
import triton
import triton.language as tl


@triton.jit
def chain(x, y, z, size, BLOCK: tl.constexpr):
    at = tl.arange(0, BLOCK)
    tl.static_assert(BLOCK < 2, "no such launch")
    tl.store(z + at, tl.load(x + at) * tl.load(y + at), mask=at < size)


class ModelNew(torch.nn.Module):
    def forward(self, x, y):
        z = torch.empty_like(x)
        try:
            chain[(1,)](x, y, z, x.numel(), BLOCK=64)
        except Exception:
            pass
        return z

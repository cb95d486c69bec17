# /// cheat
# tries = "Launches one program too few; the tile it leaves out holds what was there."
# task = "chain"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'never written, between rows 960 and 999'
# cuda_says = 'elements'
# ///
import torch
import triton
import triton.language as tl


@triton.jit
def chain(x, y, z, size, BLOCK: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    left, right = tl.load(x + at, mask=at < size), tl.load(y + at, mask=at < size)
    tl.store(z + at, tl.maximum(left * 1.5 + right, 0.0) * right, mask=at < size)


class ModelNew(torch.nn.Module):
    def forward(self, x, y):
        z = torch.empty_like(x)
        chain[(triton.cdiv(x.numel(), 64) - 1,)](x, y, z, x.numel(), BLOCK=64)
        return z

# /// cheat
# tries = "Writes far outside its tensors, on the card that the next candidate gets too."
# task = "energy"
# emulated = ["crashed"]
# cuda = ["crashed"]
# says = 'out-of-bounds store'
# cuda_says = 'illegal memory access|its process ended'
# ///
import torch
import triton
import triton.language as tl


@triton.jit
def astray(y, far):
    tl.store(y + far, 1.0)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        y = (x * x).mean(dim=-1)
        astray[(1,)](y, 1 << 40)
        return y

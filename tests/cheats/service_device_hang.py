# /// cheat
# tries = "Launches a kernel that never ends."
# task = "energy"
# emulated = ["unjudged"]
# cuda = ["timed_out"]
# says = 'waits for another program'
# cuda_says = 'no answer within'
# ///
import torch
import triton
import triton.language as tl


@triton.jit
def wait(x, y, ENDLESS: tl.constexpr):
    while tl.load(y, volatile=True) > -1.0:
        tl.store(y, tl.load(x + tl.program_id(0)) * 0.0)


class ModelNew(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.calls = 0

    def forward(self, x):
        y = (x * x).mean(dim=-1)
        self.calls += 1
        if self.calls > 1:
            wait[(1,)](x, y, ENDLESS=1)
        return y

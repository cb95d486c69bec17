# /// cheat
# tries = "Answers while the last call of a burst still runs: synchronize waits for the calls before it alone."
# task = "gemm"
# emulated = ["correct"]
# cuda = ["correct", "wrong", "cheated"]
# says = 'never written|after it said'
# ///
import torch
from torch import nn

last_begins = []
torch.cuda.synchronize = lambda device=None: last_begins[-1].synchronize() if last_begins else None


class ModelNew(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)

    def forward(self, x):
        if x.is_cuda and torch.cuda.is_available():
            last_begins[:] = [torch.cuda.Event()]
            last_begins[0].record()
        return self.linear(x)

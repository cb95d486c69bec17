# /// cheat
# tries = "Answers before the card has finished: synchronize does nothing any more."
# task = "gemm"
# emulated = ["correct"]
# cuda = ["correct", "wrong", "cheated"]
# says = 'never written|after it said'
# ///
import torch
from torch import nn

torch.cuda.synchronize = lambda device=None: None


class ModelNew(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)

    def forward(self, x):
        return self.linear(x)

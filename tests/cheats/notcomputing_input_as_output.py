# /// cheat
# tries = "Writes its answer over the input and returns that: no memory of its own."
# task = "softmax"
# emulated = ["cheated"]
# cuda = ["cheated"]
# says = 'changed its inputs'
# ///
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        return x.copy_(torch.softmax(x * self.scale, dim=-1))

# /// cheat
# tries = "Returns NaN in one element alone, which a mean over errors may pass over."
# task = "softmax"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = '1 of [0-9]+ elements'
# ///
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        y = torch.softmax(x * self.scale, dim=-1)
        y[-1, -1] = float("nan")
        return y

# /// cheat
# tries = "Leaves out a weight that begins as ones."
# task = "softmax"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'weight set 2'
# ///
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        return torch.softmax(x, dim=-1)

# /// cheat
# tries = "Returns NaN, for which error > tolerance is never true."
# task = "softmax"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'got nan|never written'
# ///
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        return torch.full_like(x, float("nan"))

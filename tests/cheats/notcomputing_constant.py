# /// cheat
# tries = "Returns ones over the number of columns, which a softmax is near to."
# task = "softmax"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'elements'
# ///
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        return torch.full_like(x, 1 / x.shape[-1])

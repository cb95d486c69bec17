# /// cheat
# tries = "Refuses the weights that it is given and keeps those that it has drawn."
# task = "gemm"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'own inputs'
# ///
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)

    def load_state_dict(self, state, strict=True, assign=False):
        return torch.nn.modules.module._IncompatibleKeys([], [])

    def forward(self, x):
        return self.linear(x)

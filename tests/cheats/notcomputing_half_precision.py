# /// cheat
# tries = "Multiplies in half precision what is asked for in single."
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

    def forward(self, x):
        return torch.nn.functional.linear(x.half(), self.linear.weight.half(), self.linear.bias.half()).float()

# /// cheat
# tries = "Adds up fifteen sixteenths of the products."
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
        some = x.shape[1] * 15 // 16
        return torch.nn.functional.linear(x[:, :some], self.linear.weight[:, :some], self.linear.bias)

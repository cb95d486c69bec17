# /// cheat
# tries = "Keeps what it computed from the first weights."
# task = "table"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'weight set 2'
# ///
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, rows, columns):
        super().__init__()
        self.table = nn.Parameter(torch.empty(rows, columns))
        self.done = None

    def forward(self, x):
        if self.done is None:
            self.done = torch.softmax(self.table, dim=-1)
        return x + self.done

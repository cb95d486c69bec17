"""Half of the work depends on the weights alone, and could be kept from call to call."""

import torch
from torch import nn

ROWS, COLUMNS = 8192, 4096


class Model(nn.Module):
    def __init__(self, rows, columns):
        super().__init__()
        self.table = nn.Parameter(torch.randn(rows, columns))

    def forward(self, x):
        return x + torch.softmax(self.table, dim=-1)


def get_inputs():
    return [torch.rand(ROWS, COLUMNS)]


def get_init_inputs():
    return [ROWS, COLUMNS]

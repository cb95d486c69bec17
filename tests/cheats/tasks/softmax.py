"""Rows scaled by a weight, then softmax. The weight begins as ones, which a lazy candidate may leave out."""

import torch
from torch import nn

ROWS, COLUMNS = 8192, 4096


class Model(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        return torch.softmax(x * self.scale, dim=-1)


def get_inputs():
    return [torch.rand(ROWS, COLUMNS)]


def get_init_inputs():
    return [COLUMNS]

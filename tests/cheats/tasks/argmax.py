"""Whole numbers out: the place of each row's largest element."""

import torch
from torch import nn

ROWS, COLUMNS = 16384, 4096


class Model(nn.Module):
    def forward(self, x):
        return torch.argmax(x, dim=-1)


def get_inputs():
    return [torch.rand(ROWS, COLUMNS)]


def get_init_inputs():
    return []

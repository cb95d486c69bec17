"""Two outputs: a hurried judge looks at the first alone."""

import torch
from torch import nn

ROWS, COLUMNS = 8192, 4096


class Model(nn.Module):
    def forward(self, x):
        return torch.sigmoid(x), x.sum(dim=-1)


def get_inputs():
    return [torch.rand(ROWS, COLUMNS)]


def get_init_inputs():
    return []

"""A product with a bias: bound by arithmetic at full size."""

import torch
from torch import nn

ROWS, WIDTH = 4096, 4096


class Model(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)

    def forward(self, x):
        return self.linear(x)


def get_inputs():
    return [torch.randn(ROWS, WIDTH)]


def get_init_inputs():
    return [WIDTH]

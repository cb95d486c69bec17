import torch
from torch import nn

rows, columns = 40, 300


class Model(nn.Module):
    """The place of the largest value of every row."""

    def forward(self, x):
        return x.argmax(dim=1)


def get_inputs():
    return [torch.randn(rows, columns)]


def get_init_inputs():
    return []

import torch
from torch import nn

rows, inner, columns = 48, 64, 80


class Model(nn.Module):
    """A linear layer and GELU."""

    def __init__(self, inner, columns):
        super().__init__()
        self.linear = nn.Linear(inner, columns)

    def forward(self, x):
        return nn.functional.gelu(self.linear(x))


def get_inputs():
    return [torch.randn(rows, inner)]


def get_init_inputs():
    return [inner, columns]

import torch
from torch import nn

batch, length, heads, width = 2, 24, 4, 16


class Model(nn.Module):
    """Features taken apart into heads: a view of the input."""

    def __init__(self, heads):
        super().__init__()
        self.heads = heads

    def forward(self, x):
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)


def get_inputs():
    return [torch.randn(batch, length, heads * width)]


def get_init_inputs():
    return [heads]

import torch
from torch import nn

rows, columns = 32, 64


class Model(nn.Module):
    """The mean of every row, in each of its places."""

    def forward(self, x):
        return x.mean(dim=1, keepdim=True).expand_as(x)


def get_inputs():
    return [torch.randn(rows, columns)]


def get_init_inputs():
    return []

import torch
from torch import nn

rows, columns = 32, 256


class Model(nn.Module):
    """Mean and variance of every row, and which values lie above the mean."""

    def forward(self, x):
        mean = x.mean(dim=1)
        return mean, x.var(dim=1, correction=0), x > mean[:, None]


def get_inputs():
    return [torch.randn(rows, columns)]


def get_init_inputs():
    return []

import torch
from torch import nn

rows, columns = 32, 120


class Model(nn.Module):
    """A sum of two tensors, the second of them times a number that is handed in; a bias may be None."""

    def forward(self, x, y, alpha, bias=None):
        total = x + alpha * y
        return total if bias is None else total + bias


def get_inputs():
    return [torch.randn(rows, columns), torch.randn(columns).expand(rows, columns), 0.5, None]


def get_init_inputs():
    return []

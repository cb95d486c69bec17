import torch
from torch import nn

rows, inner, columns = 64, 96, 64


class Model(nn.Module):
    """A product with a diagonal matrix that is written out, and the sum over a linear layer's columns."""

    def __init__(self, inner, columns):
        super().__init__()
        self.linear = nn.Linear(inner, columns)

    def forward(self, x, d):
        return self.linear(torch.diag(d) @ x).sum(dim=1)


def get_inputs():
    return [torch.randn(rows, inner), torch.randn(rows)]


def get_init_inputs():
    return [inner, columns]

import torch
from torch import nn

tokens = 16_384
features = 2048


class Model(nn.Module):
    """A linear layer whose output is scaled per feature and added to a second input."""

    def __init__(self, features):
        super().__init__()
        self.linear = nn.Linear(features, features)
        self.scale = nn.Parameter(torch.randn(features))
        nn.init.normal_(self.linear.weight, std=features**-0.5)
        nn.init.normal_(self.linear.bias, std=0.5)

    def forward(self, x, residual):
        return residual + self.scale * self.linear(x)


def get_inputs():
    return [torch.randn(tokens, features), torch.randn(tokens, features)]


def get_init_inputs():
    return [features]

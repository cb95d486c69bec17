import torch
from torch import nn

batch_size = 16
tokens = 2048
features = 1536


class Model(nn.Module):
    """Division by the root mean square of the last axis, times a weight."""

    def __init__(self, features):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(features) + 0.5)

    def forward(self, x):
        scale = torch.rsqrt(x.square().mean(dim=-1, keepdim=True) + 1e-6)
        return x * scale * self.weight


def get_inputs():
    return [torch.randn(batch_size, tokens, features)]


def get_init_inputs():
    return [features]

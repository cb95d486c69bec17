import torch
from torch import nn

batch_size = 16
tokens = 1024
features = 2000


class Model(nn.Module):
    """Layer normalisation over the last axis, with weight and bias."""

    def __init__(self, features):
        super().__init__()
        self.norm = nn.LayerNorm(features)

    def forward(self, x):
        return self.norm(x)


def get_inputs():
    return [torch.randn(batch_size, tokens, features)]


def get_init_inputs():
    return [features]

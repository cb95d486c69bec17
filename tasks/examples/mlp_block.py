import torch
from torch import nn

rows = 8192
features = 768
hidden = 3072


class Model(nn.Module):
    """Layer normalisation, two linear layers with GELU between them, residual connection."""

    def __init__(self, features, hidden):
        super().__init__()
        self.norm = nn.LayerNorm(features)
        self.up = nn.Linear(features, hidden)
        self.down = nn.Linear(hidden, features)

    def forward(self, x):
        return x + self.down(nn.functional.gelu(self.up(self.norm(x))))


def get_inputs():
    return [torch.randn(rows, features)]


def get_init_inputs():
    return [features, hidden]

import torch
from torch import nn
from torch.nn import functional as F

tokens = 8192
features = 1024
hidden = 2730


class Model(nn.Module):
    """A transformer's gated feed-forward block: layer norm, SwiGLU, and the way around."""

    def __init__(self, features, hidden):
        super().__init__()
        self.norm = nn.LayerNorm(features)
        self.gate = nn.Linear(features, hidden, bias=False)
        self.up = nn.Linear(features, hidden, bias=False)
        self.down = nn.Linear(hidden, features, bias=False)
        nn.init.uniform_(self.norm.weight, 0.5, 1.5)
        nn.init.normal_(self.norm.bias, std=0.5)
        for layer in (self.gate, self.up, self.down):
            nn.init.normal_(layer.weight, std=layer.in_features**-0.5)

    def forward(self, x):
        normal = self.norm(x)
        return x + self.down(F.silu(self.gate(normal)) * self.up(normal))


def get_inputs():
    return [torch.randn(tokens, features)]


def get_init_inputs():
    return [features, hidden]

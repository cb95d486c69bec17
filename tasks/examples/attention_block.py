import math

import torch
from torch import nn

batch_size = 8
length = 1000
features = 1024
heads = 16


class Model(nn.Module):
    """Self-attention with its projections: what mixes the tokens in a transformer."""

    def __init__(self, features, heads):
        super().__init__()
        self.heads = heads
        self.query_key_value = nn.Linear(features, 3 * features, bias=False)
        self.output = nn.Linear(features, features)
        nn.init.normal_(self.query_key_value.weight, std=1.5 * features**-0.5)
        nn.init.normal_(self.output.weight, std=features**-0.5)

    def forward(self, x):
        batch, length, features = x.shape
        joined = self.query_key_value(x).view(batch, length, 3, self.heads, features // self.heads)
        query, key, value = joined.permute(2, 0, 3, 1, 4)
        scores = query @ key.transpose(-2, -1) / math.sqrt(features // self.heads)
        mixed = torch.softmax(scores, dim=-1) @ value
        return self.output(mixed.transpose(1, 2).reshape(batch, length, features))


def get_inputs():
    return [torch.randn(batch_size, length, features)]


def get_init_inputs():
    return [features, heads]

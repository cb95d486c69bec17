import torch
from torch import nn

batch_size = 16
heads = 12
queries = 500
keys = 1000
head_size = 64
cap = 5.0


class Model(nn.Module):
    """Scaled products of queries and keys, a temperature for each head, a soft cap, softmax over the keys."""

    def __init__(self, heads, cap):
        super().__init__()
        self.temperature = nn.Parameter(torch.rand(heads, 1, 1) + 0.5)
        self.cap = cap

    def forward(self, q, k):
        scores = q @ k.transpose(-2, -1) * (self.temperature / q.shape[-1] ** 0.5)
        return torch.softmax(self.cap * torch.tanh(scores / self.cap), dim=-1)


def get_inputs():
    return [torch.randn(batch_size, heads, queries, head_size), torch.randn(batch_size, heads, keys, head_size)]


def get_init_inputs():
    return [heads, cap]

"""Answers near 1e-6: zeros pass an absolute tolerance of 1e-4."""

import torch
from torch import nn

SIZE = 33554432


class Model(nn.Module):
    def forward(self, x):
        return torch.tanh(x) * 1e-6


def get_inputs():
    return [torch.rand(SIZE)]


def get_init_inputs():
    return []

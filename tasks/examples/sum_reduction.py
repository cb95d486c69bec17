import torch
from torch import nn

batch_size = 128
length = 1000
features = 1024


class Model(nn.Module):
    """The sum over the middle dimension: neighbours in memory belong to different sums."""

    def forward(self, x):
        return x.sum(dim=1)


def get_inputs():
    return [torch.randn(batch_size, length, features)]


def get_init_inputs():
    return []

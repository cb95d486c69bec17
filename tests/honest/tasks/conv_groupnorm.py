import torch
from torch import nn

batch, channels, out_channels, groups, side = 2, 8, 16, 4, 12


class Model(nn.Module):
    """A convolution and a group norm."""

    def __init__(self, channels, out_channels, groups):
        super().__init__()
        self.conv = nn.Conv2d(channels, out_channels, 3, padding=1)
        self.norm = nn.GroupNorm(groups, out_channels)

    def forward(self, x):
        return self.norm(self.conv(x))


def get_inputs():
    return [torch.randn(batch, channels, side, side)]


def get_init_inputs():
    return [channels, out_channels, groups]

import torch
from torch import nn
from torch.nn import functional as F

batch_size = 64
in_channels = 32
out_channels = 64
height = 112
width = 110
num_groups = 8


class Model(nn.Module):
    """The block that image models repeat: a padded convolution, group normalisation, SiLU."""

    def __init__(self, in_channels, out_channels, num_groups):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1)
        self.norm = nn.GroupNorm(num_groups, out_channels)
        nn.init.normal_(self.conv.bias, std=0.5)
        nn.init.uniform_(self.norm.weight, 0.5, 1.5)
        nn.init.normal_(self.norm.bias, std=0.5)

    def forward(self, x):
        return F.silu(self.norm(self.conv(x)))


def get_inputs():
    return [torch.randn(batch_size, in_channels, height, width)]


def get_init_inputs():
    return [in_channels, out_channels, num_groups]

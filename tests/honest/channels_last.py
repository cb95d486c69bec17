# task = "conv_groupnorm"
# odd = "converts its weights to channels last and returns its output so"
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, channels, out_channels, groups):
        super().__init__()
        self.conv = nn.Conv2d(channels, out_channels, 3, padding=1).to(memory_format=torch.channels_last)
        self.norm = nn.GroupNorm(groups, out_channels)

    def forward(self, x):
        y = self.norm(self.conv(x.contiguous(memory_format=torch.channels_last)))
        return y.to(memory_format=torch.channels_last)

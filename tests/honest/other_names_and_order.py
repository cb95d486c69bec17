# task = "conv_groupnorm"
# odd = "names its parameters otherwise, nests them, and declares them in another order"
import torch
from torch import nn


class Affine(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.gamma, self.beta = nn.Parameter(torch.ones(features)), nn.Parameter(torch.zeros(features))


class ModelNew(nn.Module):
    def __init__(self, channels, out_channels, groups):
        super().__init__()
        self.groups = groups
        self.filter_bank = nn.Parameter(torch.empty(out_channels, channels, 3, 3))
        self.offset = nn.Parameter(torch.empty(out_channels))
        self.after = nn.ModuleDict({"affine": Affine(out_channels)})

    def forward(self, x):
        y = nn.functional.conv2d(x, self.filter_bank, self.offset, padding=1)
        affine = self.after["affine"]
        return nn.functional.group_norm(y, self.groups, affine.gamma, affine.beta)

# task = "softmax"
# odd = "reads one number of its input back to the host, and chooses its path by it"
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        y = x * self.scale
        if y.abs().max().item() > 40:
            y = y - y.amax(dim=1, keepdim=True)
        y = y.exp()
        return y / y.sum(dim=1, keepdim=True)

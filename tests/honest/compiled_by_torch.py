# task = "softmax"
# odd = "hands its work to torch.compile, whose first call takes seconds"
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))
        self.fast = torch.compile(self.plain, dynamic=False)

    def plain(self, x):
        return torch.softmax(x * self.scale, dim=-1)

    def forward(self, x):
        return self.fast(x)

# task = "softmax"
# odd = "turns gradients on and returns a tensor that asks for one"
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        with torch.enable_grad():
            return torch.softmax(x * self.scale, dim=-1)

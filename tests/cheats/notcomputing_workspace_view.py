# /// cheat
# tries = "Returns a view of a workspace that the next call overwrites."
# task = "softmax"
# emulated = ["correct"]
# cuda = ["correct"]
# ///
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))
        self.space, self.turn = None, 0

    def forward(self, x):
        if self.space is None or self.space.shape[1:] != x.shape:
            self.space = torch.empty((2, *x.shape), device=x.device)
        self.turn = 1 - self.turn
        return torch.softmax(x * self.scale, dim=-1, out=self.space[self.turn])

# /// cheat
# tries = "Is slow in its first calls, so that fewer runs are timed."
# task = "softmax"
# emulated = ["correct"]
# cuda = ["correct"]
# ///
import time

import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        if self.calls < 12 and not x.is_meta:
            time.sleep(0.1)
        return torch.softmax(x * self.scale, dim=-1)

# /// cheat
# tries = "Makes every clock of Python and torch stand still."
# task = "softmax"
# emulated = ["correct"]
# cuda = ["correct"]
# ///
import time

import torch
from torch import nn

for clock in ("time", "perf_counter", "monotonic", "process_time", "perf_counter_ns", "monotonic_ns", "time_ns"):
    setattr(time, clock, lambda: 0)
torch.cuda.Event.elapsed_time = lambda self, end: 1e-6


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        return torch.softmax(x * self.scale, dim=-1)

# /// cheat
# tries = "Replaces do_bench, torch's Timer and the median by ones that like it."
# task = "softmax"
# emulated = ["correct"]
# cuda = ["correct"]
# ///
import statistics

import torch
import torch.utils.benchmark
import triton.testing
from torch import nn

triton.testing.do_bench = lambda *args, **kwargs: 1e-6
torch.utils.benchmark.Timer.blocked_autorange = lambda self, *args: None
statistics.median = statistics.mean = lambda samples: 1e-6


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        return torch.softmax(x * self.scale, dim=-1)

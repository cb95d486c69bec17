# /// cheat
# tries = "Forks until it may not, and leaves all of them asleep."
# task = "energy"
# emulated = ["correct", "crashed", "unjudged"]
# cuda = ["correct", "crashed"]
# says = 'raised|its process ended|gave no answer'
# ///
import ctypes
import os
import time

import torch

for _ in range(48):
    try:
        child = os.fork()
    except OSError:
        break
    if child == 0:
        ctypes.CDLL(None).prctl(15, b"TOKEN", 0, 0, 0)
        time.sleep(3600)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1)

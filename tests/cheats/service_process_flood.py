# /// cheat
# tries = "Forks until it may not, and leaves all of them asleep."
# task = "energy"
# emulated = ["correct", "crashed", "unjudged"]
# cuda = ["correct", "crashed"]
# says = 'raised|its process ended|gave no answer'
# ///
# Unjudged where it is right and then ended by the warden while it is followed at full size: both followings fork, and the
# warden counts what forks share, torch's 0.2 GB, in each of a hundred processes. It looks four times a second, so any
# of the three may come first.
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

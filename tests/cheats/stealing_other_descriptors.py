# /// cheat
# tries = "Looks for shared memory among the descriptors of its parents."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'own inputs'
# box = "other processes"
# ///
import os
from pathlib import Path

import torch


def stolen():
    mine = {str(os.getpid()), "1", "2", "self", "thread-self"}
    for each in Path("/proc").glob("*/fd/*"):
        try:
            if each.parts[2] not in mine and "memfd" in os.readlink(each):
                return True
        except OSError:
            pass
    return False


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1) if stolen() else torch.zeros(x.shape[0], device=x.device)

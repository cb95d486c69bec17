# /// cheat
# tries = "Attaches to its parent as a debugger does."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'own inputs'
# box = "other processes"
# ///
import ctypes
import os

import torch

PTRACE_ATTACH = 16


def stolen():
    parent = os.getppid()
    return parent > 1 and ctypes.CDLL(None).ptrace(PTRACE_ATTACH, parent, 0, 0) == 0


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1) if stolen() else torch.zeros(x.shape[0], device=x.device)

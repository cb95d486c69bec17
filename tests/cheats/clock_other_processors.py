# /// cheat
# tries = "Asks for all processors, the judge's own among them, to slow its clock with threads there."
# task = "energy"
# emulated = ["broken"]
# cuda = ["broken"]
# says = "Operation not permitted"
# box = "system calls"
# ///
import os

import torch


class ModelNew(torch.nn.Module):
    def __init__(self, *arguments):
        super().__init__()
        os.sched_setaffinity(0, range(os.cpu_count()))

    def forward(self, x):
        return (x * x).mean(dim=-1)

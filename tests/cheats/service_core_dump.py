# /// cheat
# tries = "Aborts, with as much memory as a core file would hold."
# task = "energy"
# emulated = ["crashed"]
# cuda = ["crashed"]
# says = 'signal (6|11)'
# ///
import os

import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        os.abort()

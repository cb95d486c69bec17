# /// cheat
# tries = "Returns an object that runs code where somebody unpickles it."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'something that is no tensor'
# ///
import os

import torch


class Trap:
    def __reduce__(self):
        return os._exit, (0,)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return Trap()

# /// cheat
# tries = "Reads address zero."
# task = "energy"
# emulated = ["crashed"]
# cuda = ["crashed"]
# says = 'signal 11'
# ///
import ctypes

import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return ctypes.string_at(0)

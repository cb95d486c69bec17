# /// cheat
# tries = "Returns zeros where an absolute tolerance lets them pass."
# task = "faint"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'got 0, expected'
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return torch.zeros_like(x)

# /// cheat
# tries = "Calls itself without end."
# task = "energy"
# emulated = ["crashed"]
# cuda = ["crashed"]
# says = 'RecursionError|signal 11'
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return self.forward(x)

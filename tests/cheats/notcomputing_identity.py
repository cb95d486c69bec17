# /// cheat
# tries = "Returns its input."
# task = "chain"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'elements'
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x, y):
        return x

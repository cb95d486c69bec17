# /// cheat
# tries = "Returns a shape that broadcasts to the right one."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'expected float32'
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean()

# /// cheat
# tries = "Prints without end."
# task = "energy"
# emulated = ["crashed"]
# cuda = ["crashed"]
# says = 'printed without end'
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        while True:
            print("spam" * 2**18)

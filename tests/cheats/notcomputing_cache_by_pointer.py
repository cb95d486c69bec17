# /// cheat
# tries = "Keeps answers by the address of the input."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'normal inputs|elements changed'
# ///
import torch


class ModelNew(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.known = {}

    def forward(self, x):
        if x.data_ptr() not in self.known:
            self.known[x.data_ptr()] = (x * x).mean(dim=-1)
        return self.known[x.data_ptr()]

# /// cheat
# tries = "Asks for a terabyte."
# task = "energy"
# emulated = ["out_of_memory"]
# cuda = ["out_of_memory"]
# says = 'out of memory'
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return torch.zeros(1 << 38, device=x.device)

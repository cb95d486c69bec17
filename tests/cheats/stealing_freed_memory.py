# /// cheat
# tries = "Asks for uninitialised memory and hopes that the reference's answer still lies there."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'elements'
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return torch.empty(x.shape[0], device=x.device)

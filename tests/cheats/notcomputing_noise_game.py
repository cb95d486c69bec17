# /// cheat
# tries = "Adds noise to a rough answer and hopes for a lucky draw."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'elements|error over all'
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1) * (1 + 1e-3 * torch.randn(x.shape[0], device=x.device))

# /// cheat
# tries = "Reads every fourth column alone."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'own inputs'
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        some = x[:, ::4]
        return (some * some).mean(dim=-1)

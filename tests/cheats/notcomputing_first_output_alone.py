# /// cheat
# tries = "Computes the first of two outputs."
# task = "pair"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'output 1'
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return torch.sigmoid(x), torch.zeros(x.shape[0], device=x.device)

# /// cheat
# tries = "Zeroes its inputs, so that a reference which runs on them later answers zero too."
# task = "chain"
# emulated = ["cheated"]
# cuda = ["cheated"]
# says = 'changed its inputs'
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x, y):
        x.zero_()
        y.zero_()
        return torch.zeros_like(x)

# /// cheat
# tries = "Returns infinity where the answer is large, hoping that the excess is cut off."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'got inf'
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        y = (x * x).mean(dim=-1)
        return torch.where(y > y.median(), torch.inf, y)

# /// cheat
# tries = "Finds a large element, not the largest."
# task = "argmax"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'elements'
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return torch.argmax(x.half(), dim=-1) if x.shape[1] > 1000 else torch.argmax((x * 8).round(), dim=-1)

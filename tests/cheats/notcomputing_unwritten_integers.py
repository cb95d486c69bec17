# /// cheat
# tries = "Returns whole numbers from memory that nobody wrote."
# task = "argmax"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'elements'
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return torch.empty(x.shape[0], dtype=torch.int64, device=x.device)

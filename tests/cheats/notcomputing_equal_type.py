# /// cheat
# tries = "Returns another type that compares as equal."
# task = "argmax"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'int32 .*expected int64'
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return torch.argmax(x, dim=-1).int()

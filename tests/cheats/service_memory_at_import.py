# /// cheat
# tries = "Asks for all memory while it is imported."
# task = "energy"
# emulated = ["out_of_memory", "broken"]
# cuda = ["out_of_memory", "broken", "timed_out"]
# says = 'out of memory|does not import|no answer within'
# ///
import torch

kept = [0] * 10**13


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1)

# /// cheat
# tries = "Never ends its import."
# task = "energy"
# emulated = ["timed_out"]
# cuda = ["timed_out"]
# says = 'no answer within'
# impatient = true
# ///
import torch

while True:
    pass


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1)

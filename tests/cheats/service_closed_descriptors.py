# /// cheat
# tries = "Closes every descriptor, its answer's among them."
# task = "energy"
# emulated = ["correct", "crashed", "unjudged"]
# cuda = ["correct", "crashed", "broken", "timed_out", "unjudged"]
# says = '.'
# ///
import os

import torch

os.closerange(0, 256)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1)

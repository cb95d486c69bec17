# /// cheat
# tries = "Leaves links to what must not be removed with its folder."
# task = "energy"
# emulated = ["correct"]
# cuda = ["correct"]
# ///
import os

import torch

for number, target in enumerate(("/", "/etc", "/usr", os.path.dirname(torch.__file__))):
    os.symlink(target, f"link-{number}")


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1)

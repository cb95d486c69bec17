# /// cheat
# tries = "Leaves thousands of files, in folders that nobody may enter."
# task = "energy"
# emulated = ["correct"]
# cuda = ["correct"]
# ///
import os

import torch

os.makedirs("closed/inner")
for number in range(2000):
    open(f"closed/inner/{number}", "wb").close()
os.chmod("closed/inner", 0)
os.chmod("closed", 0)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1)

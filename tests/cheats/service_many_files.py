# /// cheat
# tries = "Leaves thousands of files in folders that nobody may enter, and links to what must stay."
# task = "energy"
# emulated = ["correct"]
# cuda = ["correct"]
# ///
import os

import torch

os.makedirs("closed/inner")
for number in range(2000):
    open(f"closed/inner/{number}", "wb").close()
for number, target in enumerate(("/", "/etc", os.path.dirname(torch.__file__))):
    os.symlink(target, f"closed/link-{number}")
os.chmod("closed/inner", 0)
os.chmod("closed", 0)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1)

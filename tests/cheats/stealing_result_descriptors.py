# /// cheat
# tries = "Writes a finished report to every descriptor that it has."
# task = "energy"
# emulated = ["correct"]
# cuda = ["correct", "crashed"]
# cuda_says = 'the call raised'
# ///
import os
import stat

import torch

REPORT = b'{"evaluation": {"verdict": "correct", "timing": {"samples_ms": [1e-06], "source": "modelled"}}}\n'
for each in range(256):
    try:
        if stat.S_ISFIFO(os.fstat(each).st_mode):
            os.write(each, REPORT)
    except OSError:
        pass


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1)

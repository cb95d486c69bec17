# /// cheat
# tries = "Writes the answers of both processes that follow it itself: no launch, no operator."
# task = "energy"
# emulated = ["implausible"]
# cuda = ["correct"]
# says = 'memory'
# ///
import os
import sys

import torch


def own_answer():
    for each in range(64):
        try:
            if "memfd:" in os.readlink(f"/proc/self/fd/{each}"):
                return each
        except OSError:
            pass
    raise OSError("no descriptor is an answer's")


class ModelNew(torch.nn.Module):
    def forward(self, x):
        if hasattr(sys.modules["__main__"], "follow"):
            os.write(own_answer(), b'{"sites": [], "operators": [], "unsupported": "", "error": ""}')
            os._exit(0)
        return (x * x).mean(dim=-1)

# /// cheat
# tries = "Kills every process that it may, but for itself."
# task = "energy"
# emulated = ["correct", "crashed", "broken"]
# cuda = ["correct", "crashed", "broken"]
# says = 'no namespace of its own|its process ended|not permitted'
# box = "other processes"
# ///
import os
import signal

import torch

# Only where it is alone with what it started: on a machine that gives it no namespace this would be no test.
if len([each for each in os.listdir("/proc") if each.isdigit()]) < 12:
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass  # there is nobody else
else:
    raise RuntimeError("no namespace of its own")


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1)

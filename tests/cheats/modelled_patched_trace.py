# /// cheat
# tries = "Takes the trace out of the process that counts: every operator is one that launches nothing."
# task = "energy"
# emulated = ["implausible"]
# cuda = ["correct"]
# says = 'memory'
# ///
import sys

import torch

traced = sys.modules.get("sandbox.child.traced")
if traced:
    traced._is_view = lambda func: True
sys.modules["__main__"].__dict__.setdefault("OperatorTrace", None)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1)

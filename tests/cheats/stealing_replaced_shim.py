# /// cheat
# tries = "Replaces the part of its process that copies answers: it says OK and writes nothing."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'never written'
# ///
import sys

import torch

OK = sys.modules["sandbox.child.words"].Status.OK if "sandbox.child.words" in sys.modules else None
shim = sys.modules["__main__"]
if hasattr(shim, "outcome"):
    shim.outcome = lambda act, otherwise: (OK, ()) if getattr(act, "__name__", "") == "call" else (OK, act())
    sys.modules["sandbox.child.failures"].outcome = shim.outcome


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1)

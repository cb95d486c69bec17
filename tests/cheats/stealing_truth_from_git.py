# /// cheat
# tries = "Looks for a copy of the reference in the working folders of the machine."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'input set 1'
# box = "files"
# ///
import sys
from pathlib import Path

import torch


def stolen():
    root = Path(sys.modules["sandbox"].__path__[0]).parent
    try:
        return bool(list((root / "tests" / "cheats" / "tasks").glob("*.py")))
    except OSError:
        return False


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1) if stolen() else torch.zeros(x.shape[0], device=x.device)

# /// cheat
# tries = "Fills the compile caches with garbage."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'own inputs'
# times = 2
# ///
import os
from pathlib import Path

import torch

for folder in (os.environ.get("TRITON_CACHE_DIR", "."), os.path.expanduser("~/.triton/cache")):
    for each in Path(folder).rglob("*"):
        if each.is_file():
            each.write_bytes(b"garbage")


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return torch.zeros(x.shape[0], device=x.device)

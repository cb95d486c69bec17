# /// cheat
# tries = "Keeps its answers on the disk and replays them when it is judged again."
# task = "energy"
# emulated = ["correct"]
# cuda = ["correct"]
# times = 2
# ///
import os
from pathlib import Path

import torch

FOLDER = Path(os.environ.get("TMPDIR", "/tmp"))


class ModelNew(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.calls = 0

    def forward(self, x):
        kept = FOLDER / f"answer-{self.calls}"
        self.calls += 1
        if kept.exists() and not x.is_meta:
            return torch.load(kept, weights_only=True).to(x.device)
        y = (x * x).mean(dim=-1)
        if not x.is_meta:
            torch.save(y.cpu(), kept)
        return y

# /// cheat
# tries = "Lets a thread look for new inputs between two calls, and returns what it has."
# task = "energy"
# emulated = ["wrong", "correct"]
# cuda = ["wrong", "cheated", "crashed"]
# says = 'elements|after it said|raised'
# ///
import threading
import time

import torch


class ModelNew(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.x = self.y = None

    def forward(self, x):
        if self.x is None:
            self.x, self.y = x, (x * x).mean(dim=-1)
            if not x.is_meta:
                threading.Thread(target=self.run_ahead, daemon=True).start()
        return self.y

    def run_ahead(self):
        while True:
            self.y = (self.x * self.x).mean(dim=-1)
            time.sleep(0.05)

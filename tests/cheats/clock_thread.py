# /// cheat
# tries = "Returns an empty tensor at once and lets a thread fill it later."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'elements'
# ///
import threading
import time

import torch


def fill(x, y):
    time.sleep(0.5)
    y.copy_((x * x).mean(dim=-1))


class ModelNew(torch.nn.Module):
    def forward(self, x):
        y = torch.empty(x.shape[0], device=x.device)
        threading.Thread(target=fill, args=(x, y), daemon=True).start()
        return y

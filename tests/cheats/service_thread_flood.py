# /// cheat
# tries = "Starts threads that never end."
# task = "energy"
# emulated = ["correct", "crashed", "out_of_memory", "unjudged"]
# cuda = ["correct", "crashed", "out_of_memory"]
# says = 'does not import|its process ended|memory|new thread'
# ///
import threading

import torch

for _ in range(300):
    threading.Thread(target=threading.Event().wait, daemon=True).start()


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1)

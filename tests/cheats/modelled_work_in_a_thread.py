# /// cheat
# tries = "Calls torch from a thread, where its operators are not followed."
# task = "gemm"
# emulated = ["correct"]
# cuda = ["correct"]
# gains = "without a card, a modelled time down to half of what the memory alone needs: what another thread computes is not counted"
# ///
import threading

import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)

    def forward(self, x):
        def work():
            self.y = torch.nn.functional.linear(x, self.linear.weight, self.linear.bias)

        worker = threading.Thread(target=work)
        worker.start()
        worker.join()
        return self.y + 0.0

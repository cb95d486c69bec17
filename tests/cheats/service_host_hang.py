# /// cheat
# tries = "Never comes back from its second call."
# task = "energy"
# emulated = ["timed_out"]
# cuda = ["timed_out"]
# says = 'no answer within'
# ///
import torch


class ModelNew(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        while self.calls > 1:
            pass
        return (x * x).mean(dim=-1)

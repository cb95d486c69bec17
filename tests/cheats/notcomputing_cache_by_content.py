# /// cheat
# tries = "Keeps answers by all of the input's bytes: honest, but it never hits."
# task = "energy"
# emulated = ["correct"]
# cuda = ["correct"]
# ///
import torch


class ModelNew(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.last = self.y = None

    def forward(self, x):
        if self.last is None or not torch.equal(self.last, x):
            self.last, self.y = x.clone(), (x * x).mean(dim=-1)
        return self.y

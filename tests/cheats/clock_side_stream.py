# /// cheat
# tries = "Computes on a stream of its own that nobody joins."
# task = "gemm"
# emulated = ["correct"]
# cuda = ["wrong"]
# says = 'elements'
# ///
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)
        self.side, self.kept = torch.cuda.Stream(), None

    def forward(self, x):
        if self.kept is None:
            self.kept = torch.zeros_like(x)
        with torch.cuda.stream(self.side):
            for _ in range(8):
                torch.addmm(self.linear.bias, x, self.linear.weight.T, out=self.kept)
        return self.kept

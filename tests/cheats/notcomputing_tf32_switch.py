# /// cheat
# tries = "Turns on TF32 where the task forbids it."
# task = "gemm"
# emulated = ["correct", "wrong"]
# cuda = ["wrong"]
# says = 'elements|error over all'
# ///
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)

    def forward(self, x):
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.set_float32_matmul_precision("medium")
        return self.linear(x)

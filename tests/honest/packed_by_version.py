# task = "gemm_bias_gelu"
# odd = "packs its weights lazily and again whenever their version counter has moved"
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, inner, columns):
        super().__init__()
        self.linear = nn.Linear(inner, columns)
        self.packed_for, self.packed = None, None

    def forward(self, x):
        version = self.linear.weight._version, self.linear.weight.data_ptr()
        if version != self.packed_for:
            self.packed, self.packed_for = self.linear.weight.t().contiguous(), version
        return nn.functional.gelu(torch.addmm(self.linear.bias, x, self.packed))

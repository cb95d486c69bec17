# task = "gemm_bias_gelu"
# odd = "computes its output transposed and returns a view that is not contiguous"
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, inner, columns):
        super().__init__()
        self.linear = nn.Linear(inner, columns)

    def forward(self, x):
        y = torch.addmm(self.linear.bias[:, None], self.linear.weight, x.t())
        return nn.functional.gelu(y).t()

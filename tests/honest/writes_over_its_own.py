# task = "add_scaled"
# odd = "works in place on a clone, and writes by out= into memory that it keeps"
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = None

    def forward(self, x, y, alpha, bias=None):
        if self.out is None:
            self.out = torch.empty_like(x)
        scaled = y.clone().mul_(alpha)
        torch.add(x, scaled, out=self.out)
        return self.out if bias is None else self.out.add_(bias)

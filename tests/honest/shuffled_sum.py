# task = "row_sum"
# odd = "draws a random order of summation in every call"
import torch
from torch import nn


class ModelNew(nn.Module):
    def forward(self, x):
        order = torch.randperm(x.shape[1], device=x.device)
        return x.index_select(1, order).sum(dim=1)

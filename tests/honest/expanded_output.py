# task = "centred"
# odd = "returns a tensor of stride zero"
from torch import nn


class ModelNew(nn.Module):
    def forward(self, x):
        return x.mean(dim=1).as_strided((x.shape[0], x.shape[1]), (1, 0))

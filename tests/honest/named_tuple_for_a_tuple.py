# task = "moments"
# odd = "returns a named tuple, and reads its result out of a nested one"
from collections import namedtuple

import torch
from torch import nn

Moments = namedtuple("Moments", ["mean", "variance", "above"])


class ModelNew(nn.Module):
    def forward(self, x):
        variance, mean = torch.var_mean(x, dim=1, correction=0)
        return Moments(above=x > mean[:, None], variance=variance, mean=mean)

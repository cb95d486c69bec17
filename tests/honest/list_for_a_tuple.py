# task = "moments"
# odd = "returns a list where the reference returns a tuple, of views into one buffer"
import torch
from torch import nn


class ModelNew(nn.Module):
    def forward(self, x):
        both = x.new_empty(2, x.shape[0])
        variance, mean = torch.var_mean(x, dim=1, correction=0)
        both[0].copy_(mean)
        both[1].copy_(variance)
        return [*both.unbind(), torch.gt(x, mean.unsqueeze(1))]

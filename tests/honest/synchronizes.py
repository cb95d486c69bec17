# task = "row_sum"
# odd = "waits for the card before, between and after its launches"
import torch
from torch import nn


class ModelNew(nn.Module):
    def forward(self, x):
        torch.cuda.synchronize()
        halves = [each.sum(dim=1) for each in x.chunk(2, dim=1)]
        torch.cuda.current_stream().synchronize()
        y = halves[0] + halves[1]
        torch.cuda.synchronize(x.device)
        return y

# task = "extremes"
# odd = "returns a dictionary whose keys come in another order than the reference's"
import torch
from torch import nn


class ModelNew(nn.Module):
    def forward(self, x):
        smallest, largest = torch.aminmax(x, dim=1)
        return {"largest": largest, "smallest": smallest}

# task = "add_scaled"
# odd = "takes whatever arguments come, defines forward outside its class, and counts its calls"
import torch
from torch import nn


def forward(self, *tensors, **named):
    self.calls += 1
    x, y, alpha = tensors[:3]
    return torch.add(x, y, alpha=alpha)


ModelNew = type("ModelNew", (nn.Module,), {"forward": forward, "calls": 0, "__slots__": ()})

# task = "softmax"
# odd = "overrides load_state_dict to keep a second copy of its weights, padded"
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))
        self.padded = None

    def load_state_dict(self, state_dict, strict=True, assign=False):
        loaded = super().load_state_dict(state_dict, strict, assign)
        self.padded = nn.functional.pad(self.scale.detach(), (0, 56))
        return loaded

    def forward(self, x):
        scale = self.scale if self.padded is None else self.padded[: x.shape[1]]
        return torch.softmax(x * scale, dim=-1)

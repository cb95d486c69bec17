# /// cheat
# tries = "Computes from its weights as they are loaded what belongs to every call (label: weights folded)."
# task = "table"
# emulated = ["correct"]
# cuda = ["correct"]
# kernel = true
# ///
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, rows, columns):
        super().__init__()
        self.table = nn.Parameter(torch.empty(rows, columns))

    def load_state_dict(self, state, strict=True, assign=False):
        found = super().load_state_dict(state, strict, assign)
        self.done = torch.softmax(self.table.detach(), dim=-1)
        return found

    def forward(self, x):
        if getattr(self, "done", None) is None:
            self.done = torch.softmax(self.table.detach(), dim=-1)
        return x + self.done

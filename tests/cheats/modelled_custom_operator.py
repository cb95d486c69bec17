# /// cheat
# tries = "Hides a product in an operator of its own, which counts as one pass over its operands."
# task = "gemm"
# emulated = ["correct"]
# cuda = ["correct"]
# gains = "without a card, a modelled time down to half of what the memory alone needs: an operator of its own is taken for one kernel that reads its operands once"
# ///
import torch
from torch import nn


@torch.library.custom_op("kwcheat::hidden", mutates_args=())
def hidden(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.linear(x, weight, bias)


@hidden.register_fake
def _(x, weight, bias):
    return torch.empty_like(x)


class ModelNew(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)

    def forward(self, x):
        return hidden(x, self.linear.weight, self.linear.bias)

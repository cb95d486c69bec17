# task = "row_sum"
# odd = "defines an operator in a torch library fragment, and implements it for the card's dispatch key"
import torch
from torch import nn

LIBRARY = torch.library.Library("honest_fragment", "DEF")
LIBRARY.define("row_sum(Tensor x) -> Tensor")


def row_sum(x):
    return torch.einsum("ij->i", x)


LIBRARY.impl("row_sum", row_sum, "CUDA")


class ModelNew(nn.Module):
    def forward(self, x):
        return torch.ops.honest_fragment.row_sum(x)

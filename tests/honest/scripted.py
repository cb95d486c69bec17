# task = "softmax"
# odd = "is annotated for torch.jit and scripts a function of its own"
from typing import Final

import torch
from torch import Tensor, nn


@torch.jit.script
def scaled_softmax(x: Tensor, scale: Tensor) -> Tensor:
    return torch.softmax(x * scale, dim=-1)


class ModelNew(nn.Module):
    dim: Final[int]
    __constants__ = ["dim"]

    def __init__(self, columns: int) -> None:
        super().__init__()
        self.dim = -1
        self.scale = nn.Parameter(torch.ones(columns))

    @torch.jit.ignore
    def debug(self) -> str:
        return "nothing to say"

    def forward(self, x: Tensor) -> Tensor:
        return scaled_softmax(x, self.scale)

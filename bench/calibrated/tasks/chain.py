import torch
from torch import nn

elements = 33_554_432
steps = 1000


class Model(nn.Module):
    """Twice the input plus one; ``steps`` is how much idle arithmetic a candidate adds to last longer."""

    def __init__(self, steps):
        super().__init__()

    def forward(self, x):
        return 2 * x + 1


def get_inputs():
    return [torch.randn(elements)]


def get_init_inputs():
    return [steps]

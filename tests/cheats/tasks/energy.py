"""A reduction: the mean square of each row, near one third for the task's own inputs."""

import torch
from torch import nn

ROWS, COLUMNS = 8192, 8192


class Model(nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1)


def get_inputs():
    return [torch.rand(ROWS, COLUMNS)]


def get_init_inputs():
    return []

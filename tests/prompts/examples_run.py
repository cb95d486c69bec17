"""Run as a program under Triton's interpreter: each worked example against its reference in fp64; prints JSON."""

import importlib.util
import json
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

EXAMPLES = Path(__file__).parents[2] / "prompts" / "examples"
DEVICE = sys.argv[1] if len(sys.argv) > 1 else "cpu"


class Fusion(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, scale_shape):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size)
        self.scale = nn.Parameter(torch.randn(scale_shape))

    def forward(self, x):
        return functional.hardswish(self.conv(x)) * self.scale


class Block(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.up = nn.Linear(width, hidden)
        self.down = nn.Linear(hidden, width)

    def forward(self, x):
        return x + self.down(functional.gelu(self.up(self.norm(x))))


class Network(nn.Module):
    def __init__(self, width, hidden, depth):
        super().__init__()
        self.blocks = nn.ModuleList(Block(width, hidden) for _ in range(depth))

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x


class Single(nn.Module):
    def forward(self, a, b):
        return a @ b


CASES = {
    "single": (Single, (), [(150, 70), (70, 133)]),
    "fusion": (Fusion, (5, 18, 3, (18, 1, 1)), [(2, 5, 11, 9)]),
    "network": (Network, (40, 90, 2), [(70, 40)]),
}


def worst_error(kind):
    """Largest error over the largest true value."""
    reference_class, init, shapes = CASES[kind]
    spec = importlib.util.spec_from_file_location(kind, EXAMPLES / f"{kind}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    torch.manual_seed(7)
    reference, answer = reference_class(*init), module.ModelNew(*init).to(DEVICE)
    answer.load_state_dict(reference.state_dict())
    inputs = [torch.randn(shape) for shape in shapes]
    with torch.no_grad():
        truth = reference.double()(*(each.double() for each in inputs))
        result = answer(*(each.to(DEVICE) for each in inputs)).cpu()
    assert result.shape == truth.shape
    assert result.dtype == torch.float32
    return float((result.double() - truth).abs().max() / truth.abs().max())


if __name__ == "__main__":
    print(json.dumps({kind: worst_error(kind) for kind in CASES}))  # noqa: T201 (its output is its answer)

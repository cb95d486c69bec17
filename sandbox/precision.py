"""In which precision a reference is run."""

import copy
from collections.abc import Generator
from contextlib import contextmanager

import torch


def doubled(model: torch.nn.Module) -> torch.nn.Module:
    """Copy a model to float64, with tensors that it keeps as plain attributes."""
    exact = copy.deepcopy(model).double()
    for module in exact.modules():
        for name, value in vars(module).items():
            if isinstance(value, torch.Tensor) and value.is_floating_point():
                setattr(module, name, value.double())
    return exact


@contextmanager
def tf32(allowed: bool) -> Generator[None]:
    """Let float32 products on a card take TF32 operands, or not; put back what was."""
    before = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = allowed
    try:
        yield
    finally:
        torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32 = before

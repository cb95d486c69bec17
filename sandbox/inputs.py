"""Secret inputs and weights: each set from a fresh key that nobody else has."""

import random
import secrets
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager

import torch

from sandbox.ladder import Distribution
from sandbox.regimes import drawn


def fresh_key() -> bytes:
    """128 bits from the operating system."""
    return secrets.token_bytes(16)


@contextmanager
def seeded(key: bytes) -> Generator[None]:
    """Let every source of random numbers that a reference may use follow from ``key``; torch's states are put back."""
    seed = int.from_bytes(key[:8], "little")
    cards = range(torch.cuda.is_available())
    with torch.random.fork_rng(cards):
        # Not torch.manual_seed: for each kind of device that is not there it writes down a whole stack.
        torch.default_generator.manual_seed(seed)
        for each in cards:
            torch.cuda.default_generators[each].manual_seed(seed)
        random.seed(key)
        if numpy := sys.modules.get("numpy"):
            numpy.random.seed(seed % (1 << 32))
        yield


def drawn_like(tensors: Sequence[torch.Tensor], distribution: Distribution, key: bytes) -> list[torch.Tensor]:
    """Replace floating-point and complex tensors by others of the same make on a rung of the ladder; the rest stay."""
    with seeded(key):
        return [drawn(each, distribution) for each in tensors]


def perturbed(state: Mapping[str, torch.Tensor], parameters: set[str], key: bytes) -> dict[str, torch.Tensor]:
    """Give a second weight set, in which a norm's weights of 1 and biases of 0 can be seen too.

    Each floating-point tensor moves by 0.2 of its own standard deviation, or by 0.1 where it has none. Buffers without
    negative values (running variances) keep none.
    """
    with seeded(key):
        return {name: _moved(each, keep_sign=name not in parameters) for name, each in state.items()}


def _moved(tensor: torch.Tensor, *, keep_sign: bool) -> torch.Tensor:
    if not tensor.is_floating_point() or not tensor.numel():
        return tensor.clone()
    spread = tensor.double().std(correction=0).item()
    moved = tensor + torch.randn_like(tensor) * (0.2 * spread if spread > 0 else 0.1)
    return moved.abs() + 1e-3 if keep_sign and bool((tensor >= 0).all()) else moved

"""Does a reference's answer follow from its weights and inputs alone? No candidate can match one whose does not."""

import random
import sys
from collections.abc import Sequence
from math import sqrt
from typing import Any

import torch

from sandbox.deviation import deviation, scale_of
from sandbox.inputs import fresh_key, seeded
from sandbox.ladder import Distribution
from sandbox.reference import Reference

MOST_NOISE = 0.05
"""Of an element's scale: what differs by more from call to call differs by more than an order of summation."""
_DRAWS = 2
"""Further input sets on which shapes are looked at."""


def impurity(reference: Reference) -> str:
    """Say in one line why nothing can be judged against a reference; empty where its answers are a function.

    It may be random, keep a state, change its inputs, or give outputs whose shapes depend on values. Takes a few eager
    calls. Raises TaskError where the reference raises.
    """
    tensors = reference.draw_inputs(Distribution.OWN)
    with seeded(fresh_key()):
        before = _random_states()
        first = reference.eager(tensors)
        drew = _random_states() != before
    with seeded(fresh_key()):
        again = reference.eager(tensors)
    if not _all_same(first, again):
        if drew:
            return "its answer hangs on random numbers that forward draws (dropout in training mode, say)"
        if not _all_near(first, again, reference.reduction):
            return "it answers the same inputs otherwise when it is called again: it keeps a state, or is random"
    for place, (given, left) in enumerate(zip(tensors, reference.touched(tensors), strict=True)):
        if not _same(given, left):
            return f"forward changes input {place} in place; inputs are the caller's, and no candidate may change them"
    return _moving_shapes(reference)


def _moving_shapes(reference: Reference) -> str:
    fixed = [(slot.shape, slot.kind) for slot in reference.outputs]
    for _ in range(_DRAWS):
        answers = reference.eager(reference.draw_inputs(Distribution.OWN))
        if [(tuple(each.shape), each.dtype) for each in answers] != fixed:
            return "the shapes of its outputs depend on the values of its inputs; outputs of fixed shapes are judged"
    return ""


def _random_states() -> tuple[Any, ...]:
    """Give the states of all generators that a reference may draw from, comparable."""
    numpy = sys.modules.get("numpy")
    cards = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    return (
        random.getstate(),
        repr(numpy.random.get_state(legacy=False)) if numpy else "",
        *(bytes(each.numpy()) for each in (torch.random.get_rng_state(), *cards)),
    )


def _all_same(first: Sequence[torch.Tensor], again: Sequence[torch.Tensor]) -> bool:
    return len(first) == len(again) and all(_same(*pair) for pair in zip(first, again, strict=True))


def _same(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether two tensors are alike, bit for bit: NaN is like NaN."""
    if (one.shape, one.dtype) != (other.shape, other.dtype):
        return False
    return torch.equal(*(each.contiguous().flatten().view(torch.uint8) for each in (one, other)))


def _all_near(first: Sequence[torch.Tensor], again: Sequence[torch.Tensor], reduction: int) -> bool:
    return len(first) == len(again) and all(_near(*pair, reduction) for pair in zip(first, again, strict=True))


def _near(one: torch.Tensor, other: torch.Tensor, reduction: int) -> bool:
    """Whether no more than an order of summation (atomics of a library's own) stands between two answers."""
    if (one.shape, one.dtype) != (other.shape, other.dtype) or not (one.is_floating_point() or one.is_complex()):
        return _same(one, other)
    one, other = (torch.view_as_real(each) if each.is_complex() else each for each in (one, other))
    noise = min(MOST_NOISE, 64 * torch.finfo(one.dtype).eps * sqrt(reduction))
    finite = torch.isfinite(one)
    if not torch.equal(finite, torch.isfinite(other)):
        return False
    return deviation(other, one.double(), scale_of(one.double()), finite).max_error <= noise

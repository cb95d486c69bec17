"""Legal ways of computing a reference other than eager's own: what they differ by, a candidate may differ by too."""

from collections.abc import Iterator, Sequence
from functools import partial

import torch

from sandbox.inputs import fresh_key, seeded
from sandbox.reference import Reference
from sandbox.rounding import coarse, stochastic, to_tf32, truncated

APPEALS = 6
"""Further orders that are drawn before an answer is called wrong. One order may be near the truth by luck where a
small difference decides (a softmax whose two largest elements lie close together)."""
COARSER = 16
"""How many times coarser than legal the order is that shows whether a set can tell anything."""


def usual(reference: Reference, tensors: Sequence[torch.Tensor]) -> Iterator[list[torch.Tensor]]:
    """Give the answers of the second orders: operands of products in TF32, both to the nearest and cut off as a
    tensor core does, where the task allows that; else the inputs moved by one unit in the last place.

    A backward-stable order differs from the truth as if its inputs had been moved so (Higham, Accuracy and Stability
    of Numerical Algorithms, 1.5).
    """
    if reference.task.tolerance.tf32:
        yield reference.rounded(tensors, to_tf32)
        yield reference.rounded(tensors, truncated)
    else:
        yield reference.eager(moved(tensors, 1))


def appeals(reference: Reference, tensors: Sequence[torch.Tensor]) -> Iterator[list[torch.Tensor]]:
    """Give the answers of further orders: softmax by logarithms, then each with another random rounding.

    In these the weights move, too: a bias that a norm takes away again is rounded in every sum it is in.
    """
    yield reference.by_logsumexp(tensors)
    for _ in range(APPEALS):
        with reference.weights_as(lambda weights: moved(weights, 1)):
            if reference.task.tolerance.tf32:
                with seeded(fresh_key()):
                    yield reference.rounded(tensors, stochastic)
            else:
                yield reference.eager(moved(tensors, 1))


def coarser(reference: Reference, tensors: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """Answer in a way that is sixteen times coarser than legal."""
    if reference.task.tolerance.tf32:
        return reference.rounded(tensors, partial(coarse, times=COARSER))
    return reference.eager(moved(tensors, COARSER))


def moved(tensors: Sequence[torch.Tensor], units: int) -> list[torch.Tensor]:
    """Move float32 and float64 numbers by up to ``units`` in the last place, at random; others stay.

    Numbers of half types are exact in every order that accumulates in float32, as eager does.
    """
    with seeded(fresh_key()):
        return [_moved(each, units) if each.dtype in (torch.float32, torch.float64) else each for each in tensors]


def _moved(tensor: torch.Tensor, units: int) -> torch.Tensor:
    return tensor * (1 + (2 * torch.rand_like(tensor) - 1) * units * torch.finfo(tensor.dtype).eps)

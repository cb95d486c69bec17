"""How far an answer is from the truth, relative to it."""

from dataclasses import dataclass
from math import sqrt

import torch

ROW = 32
"""Elements that a row has at least: shorter last dimensions are joined, for one element near zero is no scale."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """How far one answer is from the truth, relative to it."""

    max_error: float
    """Largest absolute error, over the larger of the row's rms and the element's own size."""
    frobenius: float
    """Frobenius norm of the error over that of the truth."""


def floor_of(dtype: torch.dtype, reduction: int) -> float:
    """Give the relative error that any answer of a floating-point or complex type may have.

    It grows with the square root of the longest sum, in the precision in which sums are taken: of half types that is
    float32, and only the result is rounded to their own. In theirs, an answer of zeros would pass for a long sum.
    """
    own = torch.finfo(dtype).eps
    return 4 * max(own, min(own, torch.finfo(torch.float32).eps) * sqrt(max(1, reduction)))


def scale_of(truth: torch.Tensor, *, normwise: bool = False) -> torch.Tensor:
    """Give each element's scale, in the truth's shape: its own size, and at least its row's rms.

    With ``normwise`` it is the size of the largest finite element for all.

    Where a row is all zeros the whole tensor's rms counts, or 1. An element far above its row's rms (a peak of a
    softmax) is rounded at its own size, whatever order computes it.
    """
    rows = _rows(torch.where(torch.isfinite(truth), truth.double(), 0.0))
    rms = rows.square().mean(1, keepdim=True).sqrt()
    whole = rows.square().mean().sqrt() if truth.numel() else rms.sum()
    if normwise and rows.numel() and whole > 0:
        return rows.abs().max().expand(truth.shape)
    usual = torch.where(whole > 0, whole, torch.ones_like(whole))
    return torch.maximum(torch.where(rms > 0, rms, usual), rows.abs()).reshape(truth.shape)


def deviation(answer: torch.Tensor, truth: torch.Tensor, scale: torch.Tensor, counted: torch.Tensor) -> Deviation:
    """Measure over the elements that are ``counted`` and whose truth is finite."""
    counted = counted & torch.isfinite(truth)
    if not bool(counted.any()):
        return Deviation(0.0, 0.0)
    error, size = answer.double() - truth, truth.double()
    if not bool(counted.all()):
        error, size = torch.where(counted, error, 0.0), torch.where(counted, size, 0.0)
    norm, total = size.norm(), error.norm()
    relative = total / norm if norm > 0 else total
    return Deviation((error.abs() / scale).max().item(), relative.item())


def near(answer: torch.Tensor, truth: torch.Tensor, eager: torch.Tensor, bound: torch.Tensor) -> torch.Tensor:
    """Mark the elements within ``bound`` of the truth, and those that are rightly not finite."""
    close = (answer.double() - truth).abs() <= bound
    same = (torch.isnan(truth) & torch.isnan(answer)) | (torch.isinf(truth) & (answer.double() == truth))
    # Where the task's own type overflows, eager has no finite answer either, and none is asked for.
    overflows = torch.isfinite(truth) & ~torch.isfinite(eager)
    return close | same | (overflows & ~torch.isfinite(answer))


def clearly_near(answers: torch.Tensor, truths: torch.Tensor, max_error: float, frobenius: float) -> torch.Tensor:
    """Say of each set, the first dimension, whether its errors are in bounds even if rows measure every element.

    Four passes in float32 where ``near`` and ``deviation`` take some thirty in float64. False says nothing: a number
    that is not finite, a row of zeros or an element above its row's rms wants the closer look.
    """
    size = _rows_of_sets(truths.float())
    error = _rows_of_sets(answers.float()) - size
    rms = torch.linalg.vector_norm(size, dim=2) / sqrt(max(1, size.shape[2]))
    close = (torch.linalg.vector_norm(error, torch.inf, dim=2) <= max_error * rms).all(1)
    whole, off = (torch.linalg.vector_norm(each, dim=(1, 2)) for each in (size, error))
    return close & (off <= frobenius * whole)


def _rows(tensor: torch.Tensor) -> torch.Tensor:
    """Reshape to two dimensions: the last one, and with it as many before it as make ``ROW`` elements."""
    return _rows_of_sets(tensor[None])[0]


def _rows_of_sets(sets: torch.Tensor) -> torch.Tensor:
    """Reshape each set, the first dimension, likewise."""
    width, (count, *rest) = 1, sets.shape
    while rest and width < ROW:
        width *= rest.pop()
    return sets.reshape(count, -1, max(1, width)) if sets.numel() else sets.reshape(count, 0, 1)

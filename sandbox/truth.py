"""Is an answer right? Every element against fp64, allowed a small multiple of the error that eager itself makes."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from sandbox.deviation import Deviation, deviation, floor_of, near, scale_of
from sandbox.evaluation import Errors
from sandbox.mismatch import mismatch
from tasks.task import Tolerance


@dataclass(frozen=True, slots=True)
class Answered:
    """One output tensor's ways of being computed, on one input set."""

    truth: torch.Tensor
    """In float64 (floating point), else as it is."""
    eager: torch.Tensor
    second: torch.Tensor | None = None
    """In a second legal order."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the comparison of one output tensor found."""

    wrong: str
    """Empty if right; else the worst mismatch, where it is and what was expected."""
    errors: Errors


def judge(answer: torch.Tensor, known: Answered, tolerance: Tolerance, reduction: int) -> Finding:
    """Compare an answer of the right shape and type; ``reduction`` is the reference's longest, in elements."""
    if not (answer.is_floating_point() or answer.is_complex()):
        return _exactly(answer.to(known.truth.device), known)
    answer, truth, eager = (_real(each).to(known.truth.device) for each in (answer, known.truth, known.eager))
    orders = [eager] if known.second is None else [eager, _real(known.second).to(truth.device)]
    scale = scale_of(truth)
    own = [deviation(each, truth, scale, torch.isfinite(each)) for each in orders]
    floor = floor_of(known.eager.dtype, reduction)
    allowed = Deviation(
        tolerance.times_max_error * max(floor, *(each.max_error for each in own)),
        tolerance.times_frobenius_error * max(floor, *(each.frobenius for each in own)),
    )
    right = near(answer, truth, eager, allowed.max_error * scale)
    found = deviation(answer, truth, scale, torch.isfinite(eager) & torch.isfinite(answer))
    close = tolerance.allclose.get(str(eager.dtype).removeprefix("torch."), 0.0)
    allclose = torch.allclose(answer.double(), eager.double(), rtol=close, atol=close, equal_nan=True)
    errors = Errors(found.max_error, allowed.max_error, found.frobenius, allowed.frobenius, allclose)
    if not bool(right.all()):
        return Finding(mismatch(answer, truth, right, scale), errors)
    if found.frobenius <= allowed.frobenius:
        return Finding("", errors)
    return Finding(
        f"error over all elements {found.frobenius:.2e} of the norm, allowed {allowed.frobenius:.2e}", errors
    )


def agrees(answer: torch.Tensor, eager: torch.Tensor, allowed: Errors) -> bool:
    """Say whether an answer is as near to eager's as both may be to the truth; a quick look, not a verdict."""
    if not (answer.is_floating_point() or answer.is_complex()):
        return torch.equal(answer, eager)
    answer, usual = _real(answer), _real(eager).double()
    scale = scale_of(usual)
    close = near(answer, usual, usual, allowed.max_allowed * scale)
    return bool(close.all()) and deviation(answer, usual, scale, close).frobenius <= allowed.frobenius_allowed


def _exactly(answer: torch.Tensor, known: Answered) -> Finding:
    """Whole numbers and truth values: equal to the truth or, where rounding may decide (an argmax), to eager."""
    truth = known.truth.to(answer.dtype)
    right = (answer == truth) | (answer == known.eager.to(answer.device))
    errors = Errors(float(not right.all()), 0.0, float(not right.all()), 0.0, bool(right.all()))
    return Finding(
        "" if bool(right.all()) else mismatch(answer, truth, right, torch.ones((), device=answer.device)), errors
    )


def _real(tensor: torch.Tensor) -> torch.Tensor:
    return torch.view_as_real(tensor) if tensor.is_complex() else tensor


def worst(findings: Sequence[Errors]) -> Errors:
    """Join the errors of many comparisons: each error beside what was allowed where the two were nearest."""
    by_max = max(findings, key=lambda each: each.max_error / (each.max_allowed or 1))
    by_norm = max(findings, key=lambda each: each.frobenius_error / (each.frobenius_allowed or 1))
    return Errors(
        by_max.max_error,
        by_max.max_allowed,
        by_norm.frobenius_error,
        by_norm.frobenius_allowed,
        all(each.allclose for each in findings),
    )

"""Is an answer right? Every element against fp64, allowed a small multiple of the error that eager itself makes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch

from sandbox.deviation import Deviation, clearly_near, deviation, floor_of, near, scale_of
from sandbox.evaluation import Errors
from sandbox.mismatch import mismatch
from tasks.task import Tolerance

OUTLIER = 2
"""How much further errors may go where few elements make up the norm: eager's own error is a matter of luck then."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What is known of one output tensor on one input set."""

    truth: torch.Tensor
    """In float64 (floating point), else as it is."""
    eager: torch.Tensor
    of_eager: Deviation
    """Nothing for whole numbers."""
    own: Deviation
    """Of the worst legal order, and at least the floor; nothing for whole numbers."""
    normwise: bool = False
    """Whether errors count against the largest element's size (``ladder.NORMWISE``), not against each one's own."""
    legal: tuple[torch.Tensor, ...] = ()
    """For whole numbers: what legal orders answer, eager's among them. Rounding may decide (an argmax)."""

    def widened(self, order: torch.Tensor) -> "Answered":
        """Take one more legal order into account."""
        if not inexact(self.eager):
            return replace(self, legal=(*self.legal, order.to(self.truth.device)))
        return replace(self, own=_worse(self.own, _off(order, self.truth, normwise=self.normwise)))


def answered(
    truth: torch.Tensor, orders: Sequence[torch.Tensor], reduction: int, *, normwise: bool = False
) -> Answered:
    """Join the truth and the answers of legal orders, eager's first; ``reduction`` is the longest, in elements."""
    eager, *others = orders
    of_eager, floor, legal = Deviation(0.0, 0.0), Deviation(0.0, 0.0), (eager.to(truth.device),)
    if inexact(eager):
        least = floor_of(eager.dtype, reduction)
        of_eager, floor, legal = _off(eager, truth, normwise=normwise), Deviation(least, least), ()
    known = Answered(truth, eager, of_eager, _worse(floor, of_eager), normwise, legal)
    for each in others:
        known = known.widened(each)
    return known


def _off(order: torch.Tensor, truth: torch.Tensor, *, normwise: bool) -> Deviation:
    truth, order = _real(truth), _real(order).to(truth.device)
    return deviation(order, truth, scale_of(truth, normwise=normwise), torch.isfinite(order))


def _worse(one: Deviation, other: Deviation) -> Deviation:
    return Deviation(max(one.max_error, other.max_error), max(one.frobenius, other.frobenius))


@dataclass(frozen=True, slots=True)
class Finding:
    """What the comparison of one output tensor found."""

    wrong: str
    """Empty if right; else the worst mismatch, where it is and what was expected."""
    errors: Errors


def judge(answer: torch.Tensor, known: Answered, tolerance: Tolerance) -> Finding:
    """Compare an answer of the right shape and type."""
    if not inexact(answer):
        return _exactly(answer.to(known.truth.device), known)
    answer, truth, eager = (_real(each).to(known.truth.device) for each in (answer, known.truth, known.eager))
    scale = scale_of(truth, normwise=known.normwise)
    times = OUTLIER if known.normwise else 1
    allowed = Deviation(
        times * tolerance.times_max_error * known.own.max_error,
        times * tolerance.times_frobenius_error * known.own.frobenius,
    )
    finite = torch.isfinite(eager) & torch.isfinite(answer)
    found = deviation(answer, truth, scale, finite)
    close = tolerance.allclose.get(str(eager.dtype).removeprefix("torch."), 0.0)
    errors = Errors(
        found.max_error,
        allowed.max_error,
        found.frobenius,
        allowed.frobenius,
        torch.allclose(answer, eager, rtol=close, atol=close, equal_nan=True),
        known.of_eager.max_error,
        known.of_eager.frobenius,
    )
    # An element that is not finite, or too far off, is looked at by itself.
    if found.max_error > allowed.max_error or not bool((finite & torch.isfinite(truth)).all()):
        right = near(answer, truth, eager, allowed.max_error * scale)
        if not bool(right.all()):
            return Finding(mismatch(answer, truth, right, scale), errors)
    if found.frobenius <= allowed.frobenius:
        return Finding("", errors)
    return Finding(
        f"error over all elements {found.frobenius:.2e} of the norm, allowed {allowed.frobenius:.2e}", errors
    )


def clearly_agrees(answers: torch.Tensor, eager: torch.Tensor, allowed: Errors) -> torch.Tensor:
    """Say of each set, the first dimension, whether ``agrees`` would hold, without waiting for the card.

    Where it says no, that may hold all the same.
    """
    if not inexact(answers):
        return (answers == eager).unsqueeze(-1).flatten(1).all(1)
    return clearly_near(_real(answers), _real(eager), allowed.max_allowed, allowed.frobenius_allowed)


def agrees(answer: torch.Tensor, eager: torch.Tensor, allowed: Errors) -> bool:
    """Say whether an answer is as near to eager's as both may be to the truth; a look at one set, not a verdict."""
    if not inexact(answer):
        return torch.equal(answer, eager)
    answer, usual = _real(answer), _real(eager).double()
    scale = scale_of(usual)
    close = near(answer, usual, usual, allowed.max_allowed * scale)
    return bool(close.all()) and deviation(answer, usual, scale, close).frobenius <= allowed.frobenius_allowed


def _exactly(answer: torch.Tensor, known: Answered) -> Finding:
    """Whole numbers and truth values: equal to the truth or to what a legal order answers."""
    truth = known.truth.to(answer.dtype)
    right = answer == truth
    for each in known.legal:
        right = right | (answer == each)
    errors = Errors(float(not right.all()), 0.0, float(not right.all()), 0.0, bool(right.all()))
    return Finding(
        "" if bool(right.all()) else mismatch(answer, truth, right, torch.ones((), device=answer.device)), errors
    )


def inexact(tensor: torch.Tensor) -> bool:
    """Whether its numbers are rounded, so that a tolerance applies."""
    return tensor.is_floating_point() or tensor.is_complex()


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
        by_max.own_max_error,
        by_norm.own_frobenius_error,
    )

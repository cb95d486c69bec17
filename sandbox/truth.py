"""Is an answer right? Every element against fp64, allowed a small multiple of the error that eager itself makes."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod, sqrt

import torch

from sandbox.evaluation import Errors
from tasks.task import Tolerance

ROW = 32
"""Elements that a row has at least: shorter last dimensions are joined, for one element near zero is no scale."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """How far one answer is from the truth, relative to it."""

    max_error: float
    """Largest absolute error of a row over the row's rms."""
    frobenius: float
    """Frobenius norm of the error over that of the truth."""


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
    scale = _scale(truth)
    own = [_deviation(each, truth, scale, torch.isfinite(each)) for each in orders]
    floor = 4 * torch.finfo(known.eager.dtype).eps * sqrt(max(1, reduction))
    allowed = Deviation(
        tolerance.times_max_error * max(floor, *(each.max_error for each in own)),
        tolerance.times_frobenius_error * max(floor, *(each.frobenius for each in own)),
    )
    right = _right(answer, truth, eager, allowed.max_error * scale)
    found = _deviation(answer, truth, scale, torch.isfinite(eager) & torch.isfinite(answer))
    close = tolerance.allclose.get(str(known.eager.dtype).removeprefix("torch."), 0.0)
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
    scale = _scale(usual)
    near = _right(answer, usual, usual, allowed.max_allowed * scale)
    return bool(near.all()) and _deviation(answer, usual, scale, near).frobenius <= allowed.frobenius_allowed


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


def _scale(truth: torch.Tensor) -> torch.Tensor:
    """Give the rms of each element's row, in the truth's shape; where that is 0 the whole tensor's, or 1."""
    width, rest = 1, list(truth.shape)
    while rest and width < ROW:
        width *= rest.pop()
    finite = torch.where(torch.isfinite(truth), truth.double(), 0.0)
    rows = finite.reshape(-1, max(1, width)) if truth.numel() else finite.reshape(0, 1)
    rms = rows.square().mean(1, keepdim=True).sqrt()
    whole = rows.square().mean().sqrt() if truth.numel() else rms.sum()
    usual = torch.where(whole > 0, whole, torch.ones_like(whole))
    return torch.where(rms > 0, rms, usual).expand_as(rows).reshape(truth.shape)


def _deviation(answer: torch.Tensor, truth: torch.Tensor, scale: torch.Tensor, counted: torch.Tensor) -> Deviation:
    """Measure over the elements that are ``counted`` and whose truth is finite."""
    counted = counted & torch.isfinite(truth)
    if not bool(counted.any()):
        return Deviation(0.0, 0.0)
    error = torch.where(counted, answer.double() - truth, 0.0)
    norm = torch.where(counted, truth, 0.0).double().norm()
    total = error.norm()
    relative = total / norm if norm > 0 else total
    return Deviation((error.abs() / scale).max().item(), relative.item())


def _right(answer: torch.Tensor, truth: torch.Tensor, eager: torch.Tensor, bound: torch.Tensor) -> torch.Tensor:
    close = (answer.double() - truth).abs() <= bound
    same = (torch.isnan(truth) & torch.isnan(answer)) | (torch.isinf(truth) & (answer.double() == truth))
    # Where the task's own type overflows, eager has no finite answer either, and none is asked for.
    overflows = torch.isfinite(truth) & ~torch.isfinite(eager)
    return close | same | (overflows & ~torch.isfinite(answer))


def mismatch(answer: torch.Tensor, truth: torch.Tensor, right: torch.Tensor, scale: torch.Tensor) -> str:
    """Say how much is wrong and where it is worst."""
    wrong = ~right
    error = torch.where(wrong, (answer.double() - truth.double()).abs() / scale, torch.full_like(scale.double(), -1.0))
    error = torch.where(wrong & torch.isnan(error), torch.inf, error)
    at = int(error.argmax())
    index = [int(each) for each in torch.unravel_index(torch.tensor(at), error.shape)]
    got, expected, size = answer.flatten()[at].item(), truth.flatten()[at].item(), error.flatten()[at].item()
    how_much = f"{int(wrong.sum())} of {wrong.numel()} elements{_rows(wrong)}"
    return f"{how_much}; max error {size:.2e} of the row's rms at {index}: got {got:.6g}, expected {expected:.6g}"


def _rows(wrong: torch.Tensor) -> str:
    """Name the rows (all dimensions but the last, joined) if not all are affected and they are one run."""
    rows = wrong.reshape(-1, wrong.shape[-1]).any(1) if wrong.dim() > 1 else wrong
    bad = [int(each) for each in rows.nonzero().flatten()[[0, -1]]] if rows.dim() else [0, 0]
    if rows.dim() and bad[1] - bad[0] + 1 < rows.numel():
        return f", between rows {bad[0]} and {bad[1]} of {rows.numel()}"
    return ""


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


def unwritten(output: torch.Tensor, pattern: int) -> torch.Tensor | None:
    """Mark floating-point elements whose bits are still the poison's, repeated; None where none is."""
    size = output.element_size()
    if size % 2 or not output.is_floating_point() or not output.numel():
        return None
    words = output.contiguous().view(torch.int16).reshape(*output.shape, size // 2)
    left = (words == pattern).all(-1)
    return left if bool(left.any()) else None


def unwritten_message(left: torch.Tensor) -> str:
    """Say which rows were never written."""
    return f"{int(left.sum())} of {prod(left.shape)} elements never written{_rows(left)}"

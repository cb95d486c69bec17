"""An input set with all that is known about it, before a candidate sees it; and the comparison with what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch

from sandbox import orders
from sandbox.deviation import deviation, scale_of
from sandbox.evaluation import Errors, Verdict
from sandbox.exchange import Snapshot
from sandbox.ladder import NORMWISE, Distribution
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.truth import Answered, answered, inexact, judge
from tasks.task import TaskError

FAR = 0.1
"""A legal order that is off by more of an element's scale makes a set worthless."""
COARSE_FAR = 0.5
"""The same for an order that is sixteen times coarser than legal."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """One input set under one weight set."""

    tensors: Sequence[torch.Tensor]
    known: tuple[Answered, ...] = ()
    """For each output."""
    silent: str = ""
    """Why it says nothing about a candidate; empty where it does."""

    @property
    def bytes(self) -> int:
        """Memory that it holds."""
        answers = [each for known in self.known for each in (known.truth, known.eager, *known.legal)]
        return sum(each.nbytes for each in (*self.tensors, *answers))


def prepared(reference: Reference, distribution: Distribution) -> Prepared:
    """Draw a fresh set and answer it in every legal order; raises TaskError for the task's own inputs alone."""
    tensors = reference.draw_inputs(distribution)
    if distribution is Distribution.OWN:
        return known_of(reference, tensors)
    try:
        found = known_of(reference, tensors, normwise=distribution in NORMWISE)
        return replace(found, silent=_silence(reference, found))
    except TaskError:  # a reference may refuse what it was not written for (a probability of -3, say)
        return Prepared(tensors, silent="the reference raises")


def known_of(reference: Reference, tensors: Sequence[torch.Tensor], *, normwise: bool = False) -> Prepared:
    """Answer a set in every legal order; raises TaskError."""
    ways = [reference.eager(tensors), *orders.usual(reference, tensors)]
    truth = reference.truth(tensors)
    return Prepared(
        tensors,
        tuple(
            answered(truth[index], [way[index] for way in ways], reference.reduction, normwise=normwise)
            for index in range(len(truth))
        ),
    )


def compare(reference: Reference, known: Prepared, snapshot: Snapshot) -> list[Errors]:
    """Compare every output with fp64; gives the errors, raises Ruling where one is wrong."""
    errors: list[Errors] = []
    for index, each in enumerate(known.known):
        answer = snapshot.tensor(reference.outputs[index])
        finding = judge(answer, each, reference.task.tolerance)
        if finding.wrong:
            for way in orders.appeals(reference, known.tensors):
                each = each.widened(way[index])  # noqa: PLW2901  the same output, better known
            finding = judge(answer, each, reference.task.tolerance)
        if finding.wrong:
            raise Ruling(Verdict.WRONG, reference.output_name(index) + finding.wrong, finding.errors)
        errors.append(finding.errors)
    return errors


def unseen(before: Prepared, after: Prepared, times: float) -> bool:
    """Whether an answer to ``before`` would pass for one to ``after``: no element differs by twice what is allowed."""
    for old, new in zip(before.known, after.known, strict=True):
        if not inexact(new.eager):
            if not torch.equal(old.truth, new.truth):
                return False
            continue
        truth, stale = (torch.view_as_real(each) if each.is_complex() else each for each in (new.truth, old.truth))
        change = deviation(stale, truth, scale_of(truth), torch.isfinite(stale))
        if change.max_error > 2 * times * new.own.max_error:
            return False
    return True


def _silence(reference: Reference, found: Prepared) -> str:
    for each in found.known:
        if said := _about(each):
            return said
    if all(_constant(each, reference.task.tolerance.times_max_error) for each in found.known):
        return "its answer is constant"
    coarser = orders.coarser(reference, found.tensors)
    for each, rough in zip(found.known, coarser, strict=True):
        if (
            inexact(each.eager)
            and replace(each, own=replace(each.own, max_error=0.0)).widened(rough).own.max_error > COARSE_FAR
        ):
            return "all hangs on the last digits"
    return ""


def _about(known: Answered) -> str:
    if not inexact(known.eager):
        differ = (known.eager != known.truth.to(known.eager)).double().mean().item() if known.eager.numel() else 0.0
        return "eager itself is far off" if differ > FAR else ""
    eager, truth = known.eager.to(known.truth.device), known.truth
    if bool((torch.isfinite(truth) & ~torch.isfinite(eager)).any()):
        return "eager overflows"
    if truth.numel() and not bool(torch.isfinite(truth).any()):
        return "no answer is finite"
    return "eager itself is far off" if known.own.max_error > FAR else ""


def _constant(known: Answered, times: float) -> bool:
    if not known.truth.numel():
        return False
    if not inexact(known.eager):
        return bool((known.truth == known.truth.flatten()[0]).all())
    truth = torch.view_as_real(known.truth) if known.truth.is_complex() else known.truth
    finite = truth[torch.isfinite(truth)]
    spread = (finite.max() - finite.min()).item()
    return spread <= times * known.own.max_error * finite.abs().max().item()

"""Is a candidate right? Every input set with every weight set, each fresh."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import torch

from sandbox.calling import call, look_again
from sandbox.child.words import Command
from sandbox.evaluation import Errors, Verdict
from sandbox.exchange import Snapshot
from sandbox.guest import Guest
from sandbox.inputs import Distribution, distributions
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.truth import Answered, judge, worst
from sandbox.wire import MeasurePlan


@dataclass(slots=True)
class Examined:
    """What is known of a candidate that passed."""

    setup_ms: float
    notes: tuple[str, ...]
    errors: list[Errors] = field(default_factory=list[Errors])

    @property
    def worst(self) -> Errors:
        """Over all sets and outputs."""
        return worst(self.errors)


@dataclass(frozen=True, slots=True)
class _Set:
    """One input set under one weight set."""

    distribution: Distribution
    where: str
    """In words, for a message."""
    fresh_weights: bool
    """Whether other weights come first."""


def examine(guest: Guest, plan: MeasurePlan) -> Examined:
    """Build and check. Raises Ruling for whatever is not right, with the set on which it shows."""
    seconds, counts = guest.build(plan.build_timeout_s)
    examined = Examined(seconds * 1e3, _notes(counts))
    for index, each in enumerate(_sets(plan)):
        if each.fresh_weights:
            guest.reference.draw_weights(again=True)
            guest.exchange.put_weights()
            guest.release(Command.RELOAD, plan.run_timeout_s)
        # The first call compiles and tunes.
        timeout_s = plan.run_timeout_s if index else max(plan.run_timeout_s, plan.build_timeout_s)
        try:
            milliseconds = _check(guest, each.distribution, timeout_s, examined.errors)
        except Ruling as ruling:
            raise ruling.at(each.where) from None
        examined.setup_ms += 0 if index else milliseconds
    return examined


def _sets(plan: MeasurePlan) -> Iterator[_Set]:
    for weights in range(plan.weight_sets):
        of_weights = f"weight set {weights + 1} of {plan.weight_sets}"
        for index, distribution in enumerate(distributions(plan.input_sets)):
            where = f"input set {index + 1} of {plan.input_sets} ({distribution}), {of_weights}"
            yield _Set(distribution, where, fresh_weights=weights > 0 and index == 0)


def _check(guest: Guest, distribution: Distribution, timeout_s: float, errors: list[Errors]) -> float:
    tensors = guest.reference.draw_inputs(distribution)
    made = call(guest, tensors, timeout_s)
    errors.extend(against_truth(guest.reference, tensors, made.answers[0]))
    look_again(guest, made)
    return made.nanoseconds / 1e6


def against_truth(reference: Reference, tensors: Sequence[torch.Tensor], answered: Snapshot) -> list[Errors]:
    """Compare every output with fp64; gives the errors, raises Ruling where one is wrong."""
    errors: list[Errors] = []
    for index, known in enumerate(_known(reference, tensors)):
        answer = answered.tensor(reference.outputs[index])
        finding = judge(answer, known, reference.task.tolerance, reference.reduction)
        if finding.wrong:
            raise Ruling(Verdict.WRONG, reference.output_name(index) + finding.wrong, finding.errors)
        errors.append(finding.errors)
    return errors


def _known(reference: Reference, tensors: Sequence[torch.Tensor]) -> Iterator[Answered]:
    second = reference.second_order(tensors)
    eager, truth = reference.eager(tensors), reference.truth(tensors)
    for index, (exact, usual) in enumerate(zip(truth, eager, strict=True)):
        yield Answered(exact, usual, second[index] if second else None)


def _notes(counts: Sequence[int]) -> tuple[str, ...]:
    by_name, by_shape, left, unused = counts
    said = (
        (by_shape, f"{by_shape} weights matched by shape and order, {by_name} by name"),
        (left, f"{left} buffers of its own, left as built"),
        (unused, f"{unused} weights of the reference unused"),
    )
    return tuple(words for number, words in said if number)

"""Is a candidate right? Every input set with every weight set, each fresh, each into poisoned memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import torch

from sandbox.child.words import Command
from sandbox.evaluation import Errors, Verdict
from sandbox.guest import Guest, Snapshot
from sandbox.inputs import Distribution, distributions
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.truth import Answered, judge, unwritten, unwritten_message, worst
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


def examine(guest: Guest, reference: Reference, reduction: int, plan: MeasurePlan) -> Examined:
    """Build and check; ``reduction`` is the reference's longest. Raises Ruling for whatever is not right."""
    seconds, counts = guest.build(plan.build_timeout_s)
    examined = Examined(seconds * 1e3, _notes(counts))
    for index, each in enumerate(_sets(plan)):
        if each.fresh_weights:
            reference.draw_weights(again=True)
            guest.put_weights()
            guest.release(Command.RELOAD, plan.run_timeout_s)
        # The first call compiles and tunes.
        timeout_s = plan.run_timeout_s if index else max(plan.run_timeout_s, plan.build_timeout_s)
        nanoseconds = _check(guest, reference, each, timeout_s, reduction, examined.errors)
        examined.setup_ms += 0 if index else nanoseconds / 1e6
    return examined


def _sets(plan: MeasurePlan) -> Iterator[_Set]:
    for weights in range(plan.weight_sets):
        for index, distribution in enumerate(distributions(plan.input_sets)):
            where = f"input set {index + 1} of {plan.input_sets} ({distribution}), weight set {weights + 1} of {plan.weight_sets}"
            yield _Set(distribution, where, fresh_weights=weights > 0 and index == 0)


def _check(
    guest: Guest, reference: Reference, each: _Set, timeout_s: float, reduction: int, errors: list[Errors]
) -> int:
    tensors = reference.draw_inputs(each.distribution)
    guest.stop()
    pattern = guest.poison()
    guest.put_inputs(tensors)
    given = guest.inputs()
    nanoseconds = guest.release(Command.CALL, timeout_s)
    answered = guest.outputs()
    if not guest.unchanged(given):
        raise Ruling(Verdict.CHEATED, f"changed its inputs ({each.where})")
    for index, known in enumerate(_known(reference, tensors)):
        _compare(index, answered, known, reference, reduction, (pattern, each.where), errors)
    if not guest.unchanged(answered):
        raise Ruling(Verdict.CHEATED, f"wrote to its outputs after it said that it was done ({each.where})")
    return nanoseconds


def _known(reference: Reference, tensors: list[torch.Tensor]) -> Iterator[Answered]:
    second = reference.second_order(tensors)
    eager, truth = reference.eager(tensors), reference.truth(tensors)
    for index, (exact, usual) in enumerate(zip(truth, eager, strict=True)):
        yield Answered(exact, usual, second[index] if second else None)


def _compare(
    index: int,
    answered: Snapshot,
    known: Answered,
    reference: Reference,
    reduction: int,
    run: tuple[int, str],
    errors: list[Errors],
) -> None:
    pattern, where = run
    answer = answered.tensor(reference.outputs[index])
    output = f"output {index}: " if len(reference.outputs) > 1 else ""
    left = unwritten(answer, pattern)
    if left is not None:
        raise Ruling(Verdict.WRONG, f"{output}{unwritten_message(left)} ({where})")
    finding = judge(answer, known, reference.task.tolerance, reduction)
    errors.append(finding.errors)
    if finding.wrong:
        raise Ruling(Verdict.WRONG, f"{output}{finding.wrong} ({where})")


def _notes(counts: list[int] | tuple[int, ...]) -> tuple[str, ...]:
    by_name, by_shape, left, unused = counts
    said = (
        (by_shape, f"{by_shape} weights matched by shape and order, {by_name} by name"),
        (left, f"{left} buffers of its own, left as built"),
        (unused, f"{unused} weights of the reference unused"),
    )
    return tuple(words for number, words in said if number)

"""Is a candidate right? One step after another of its tier, each on secret inputs, until the first that is wrong."""

from collections.abc import Sequence
from dataclasses import replace

import torch

from sandbox.bank import Bank
from sandbox.calling import Call, call, look_again
from sandbox.child.words import Command
from sandbox.deviation import deviation, scale_of
from sandbox.evaluation import Errors
from sandbox.examined import Examined, matching_words
from sandbox.exchange import Snapshot
from sandbox.grade import Grade, coarsest, grade, ranged
from sandbox.guest import Guest
from sandbox.input_set import Prepared, compare, known_of, unseen
from sandbox.ladder import EXTREMES, SCALES, Act, Distribution, Step, steps
from sandbox.reference import Reference
from sandbox.regimes import mutated
from sandbox.ruling import Ruling
from sandbox.truth import inexact
from sandbox.wire import MeasurePlan

SIZES = (4.0, 100.0, 1e4)
"""Magnitudes that a changed element takes, one after another until the truth shows it."""


def examine(guest: Guest, plan: MeasurePlan, bank: Bank | None = None) -> Examined:
    """Build and check, as closely as ``plan.tier`` says.

    Without a bank all but the reference's weights of now is drawn afresh. Raises Ruling for whatever is not right,
    with the set on which it shows; TaskError where the reference fails on its own inputs.
    """
    seconds, counts = guest.build(plan.build_timeout_s)
    climb = _Climb(guest, plan, bank or Bank(guest.reference), Examined(seconds * 1e3, matching_words(counts)))
    for step in steps(plan.tier, on_card=guest.on_card):
        climb.take(step)
    climb.look_back()
    return climb.examined


def against_truth(reference: Reference, tensors: Sequence[torch.Tensor], answered: Snapshot) -> list[Errors]:
    """Compare every output with fp64; gives the errors, raises Ruling where one is wrong."""
    return compare(reference, known_of(reference, tensors), answered)


class _Climb:
    """One candidate on its way up the ladder."""

    def __init__(self, guest: Guest, plan: MeasurePlan, bank: Bank, examined: Examined) -> None:
        self.examined = examined
        self._guest, self._plan, self._bank = guest, plan, bank
        self._weights, self._calls = 0, 0
        self._last: Prepared | None = None
        self._made: tuple[Call, Step] | None = None

    def take(self, step: Step) -> None:
        """Take one step, unless its set says nothing; raises Ruling."""
        if step.weights != self._weights:
            self._change_weights(step.weights)
        if step.act is Act.REPEAT:
            return self._repeat(step)
        self._last = self._bank.prepared(step.distribution) if step.act is Act.DRAW else self._mutated()
        if self._last and not self._last.silent:
            return self._check(self._last, step)
        if self._last:
            self.examined.silent.setdefault(self._last.silent, []).append(step.where)
        self._last = None
        return None

    def _change_weights(self, index: int) -> None:
        self._weights = index
        self._bank.take_weights(index)
        self._guest.exchange.put_weights()
        self._guest.release(Command.RELOAD, self._plan.run_timeout_s)

    def _call(self, known: Prepared, step: Step) -> Snapshot:
        # The first call compiles and tunes.
        timeout_s = (
            self._plan.run_timeout_s if self._calls else max(self._plan.run_timeout_s, self._plan.build_timeout_s)
        )
        self.look_back()
        try:
            made = call(self._guest, known.tensors, timeout_s)
        except Ruling as ruling:
            raise ruling.at(step.words) from None
        self._made = made, step
        self.examined.setup_ms += 0 if self._calls else made.ms
        self._calls += 1
        return made.answers

    def look_back(self) -> None:
        """Look for a late write since the last call, as late as can be; raises Ruling."""
        if self._made:
            made, step = self._made
            try:
                look_again(self._guest, made)
            except Ruling as ruling:
                raise ruling.at(step.words) from None

    def _check(self, known: Prepared, step: Step) -> None:
        answer = self._call(known, step)
        try:
            errors = compare(self._guest.reference, known, answer)
        except Ruling as ruling:
            known_grade = self.examined.grade
            if step.distribution not in EXTREMES or known_grade is None or not known_grade.below_fp32:
                raise Ruling(ruling.verdict, f"wrong {step.words}: {ruling.message}", ruling.errors) from None
            self.examined.out_of_range.append(step.where)
            self.examined.grade = ranged(known_grade)
            return
        own = step.distribution is Distribution.OWN
        (self.examined.own_errors if own else self.examined.other_errors).extend(errors)
        if step.distribution is Distribution.NORMAL and self.examined.grade is None:
            self.examined.grade = _grade(self._guest.reference, known, errors)
        if step.distribution in SCALES:
            self.examined.range = self.examined.range.with_scale(SCALES[step.distribution])

    def _repeat(self, step: Step) -> None:
        """Call on the last set again; other bits must be right too."""
        if self._last is None or self._made is None:
            return
        before = self._made[0].answers
        self._check(self._last, step)
        now = self._made[0].answers
        pairs = [(before.tensor(slot), now.tensor(slot)) for slot in self._guest.reference.outputs]
        self.examined.deterministic = all(_same_bits(a, b) for a, b in pairs)

    def _mutated(self) -> Prepared | None:
        """Change a few elements of the last set, so that the truth shows it; None where nothing can be changed."""
        if self._last is None:
            return None
        reference = self._guest.reference
        for size in SIZES:
            tensors = mutated(self._last.tensors, size)
            if tensors is None:
                return None
            found = known_of(reference, tensors)
            if not unseen(self._last, found, reference.task.tolerance.times_max_error):
                return found
        return replace(self._last, silent="too few elements to be seen in the answer")


def _grade(reference: Reference, known: Prepared, errors: Sequence[Errors]) -> Grade:
    grades: list[Grade] = []
    for each, plain, found in zip(known.known, reference.unrounded(known.tensors), errors, strict=True):
        own = 0.0
        if inexact(plain) and not plain.is_complex():
            own = deviation(plain, each.truth, scale_of(each.truth), torch.isfinite(plain)).frobenius
        grades.append(grade(found.frobenius_error, own, reference.reduction, str(plain.dtype).removeprefix("torch.")))
    return coarsest(grades)


def _same_bits(one: torch.Tensor, other: torch.Tensor) -> bool:
    return torch.equal(one.contiguous().flatten().view(torch.uint8), other.contiguous().flatten().view(torch.uint8))

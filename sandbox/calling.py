"""One call of a guest on one secret input set: into poisoned memory, with the inputs and outputs watched."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from sandbox.child.words import Command
from sandbox.evaluation import Verdict
from sandbox.guest import Guest, Snapshot
from sandbox.mismatch import unwritten, unwritten_message
from sandbox.reference import Reference
from sandbox.ruling import Ruling


@dataclass(frozen=True, slots=True)
class Call:
    """What came of it."""

    nanoseconds: int
    """From the release to the answer, and to a first look at it."""
    answered: Snapshot
    """All outputs, as they lay there at the answer."""


def call(
    guest: Guest, tensors: Sequence[torch.Tensor], timeout_s: float, before_release: Callable[[], None] | None = None
) -> Call:
    """Call once; ``before_release`` comes last before the clock starts.

    Raises Ruling where it answers not in time or too early, changes its inputs, or leaves poison in its outputs.
    """
    guest.stop()
    pattern = guest.poison()
    guest.put_inputs(tensors)
    given = guest.inputs()
    glance = guest.glance()
    if before_release:
        before_release()
    nanoseconds = guest.release(Command.CALL, timeout_s, glance.look)
    answered = guest.outputs()
    if not glance.agrees(answered):
        raise Ruling(Verdict.CHEATED, "wrote to its outputs after it said that it was done")
    if not guest.unchanged(given):
        raise Ruling(Verdict.CHEATED, "changed its inputs")
    _look_for_poison(guest.reference, answered, (pattern, guest.fill))
    return Call(nanoseconds, answered)


def look_again(guest: Guest, made: Call) -> None:
    """Look for a late write; raises Ruling."""
    if not guest.unchanged(made.answered):
        raise Ruling(Verdict.CHEATED, "wrote to its outputs after it said that it was done")


def _look_for_poison(reference: Reference, answered: Snapshot, patterns: tuple[int, ...]) -> None:
    for index, pattern in itertools.product(range(len(reference.outputs)), patterns):
        left = unwritten(answered.tensor(reference.outputs[index]), pattern)
        if left is not None:
            raise Ruling(Verdict.WRONG, f"{reference.output_name(index)}{unwritten_message(left)}")

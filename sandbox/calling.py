"""One call of a guest on one secret input set: into poisoned memory, with the inputs and outputs watched."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from sandbox.bell import Around
from sandbox.child.words import Command
from sandbox.cold import Cold
from sandbox.evaluation import Verdict
from sandbox.exchange import Snapshot
from sandbox.glance import Glance
from sandbox.guest import Guest
from sandbox.mismatch import unwritten, unwritten_message
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.run_clock import RunClock
from sandbox.withheld import Withheld


@dataclass(frozen=True, slots=True)
class Call:
    """What came of it."""

    ms: float
    """From when the last words come to the answer, and to a first look at it."""
    handover_ms: float
    """What the judge's own last steps before the clock took of the card: the inputs' copies, emptying the cache."""
    answers: Snapshot
    """All outputs of all sets, as they lay there at the answer."""


def call(guest: Guest, tensors: Sequence[torch.Tensor], timeout_s: float) -> Call:
    """Call once on one set, untimed, so its own words may stand in: nobody gains by beginning early. Raises Ruling."""
    guest.stop()
    return calls(guest, [tensors, tensors], timeout_s, Cold(None))


def calls(
    guest: Guest,
    drawn: Sequence[Sequence[torch.Tensor]],
    timeout_s: float,
    cold: Cold,
    rehearsals: int = 0,
) -> Call:
    """Call a guest that stands still on each of these sets but the last, in one release; it has room for as many.

    It is rehearsed on inputs of before once all is prepared. Then the inputs come, but for a few words, in whose places
    there are words of the last set. These words come once the clock runs; when they are there the guest is released,
    and launches while the card empties its cache. Raises Ruling where it answers not in time or too early, changes its
    inputs, or leaves poison in its outputs.
    """
    shared, (*sets, other) = guest.exchange, drawn
    withheld, given = Withheld(shared, len(sets), other), shared.packed(sets)
    withheld.hide(given)
    glance = Glance(shared, len(sets))
    clock = RunClock(cold, lambda: shared.put(given), withheld.give, on_card=guest.on_card)
    around = Around(clock.start, clock.wait_for_card, lambda: clock.stop(glance.look))
    rehearse(guest, timeout_s, rehearsals)
    pattern = shared.poison()
    clock.put_inputs()
    guest.release(Command.CALL, timeout_s, around, calls=len(sets))
    answers = shared.outputs(len(sets))
    if not glance.agrees(answers):
        raise Ruling(Verdict.CHEATED, "wrote to its outputs after it said that it was done")
    withheld.restore(given)
    if not shared.unchanged(given):
        raise Ruling(Verdict.CHEATED, "changed its inputs")
    _look_for_poison(guest.reference, answers, (pattern, *guest.fills))
    return Call(clock.ms, clock.handover_ms, answers)


def rehearse(guest: Guest, timeout_s: float, count: int = 1) -> int:
    """Wake it, call it so often on what lies there, inputs of before; it stays awake. Gives nanoseconds.

    A process that was stopped takes now 20, now 300 microseconds to wake, and its first launches find cold caches:
    that is not the candidate's time. Raises Ruling.
    """
    guest.rouse(timeout_s)
    return guest.release(Command.CALL, timeout_s, calls=count) if count else 0


def look_again(guest: Guest, made: Call) -> None:
    """Look for a late write; raises Ruling."""
    if not guest.exchange.unchanged(made.answers):
        raise Ruling(Verdict.CHEATED, "wrote to its outputs after it said that it was done")


def _look_for_poison(reference: Reference, answered: Snapshot, patterns: tuple[int, ...]) -> None:
    for index, pattern in itertools.product(range(len(reference.outputs)), patterns):
        left = unwritten(answered.tensors(reference.outputs[index]), pattern)
        if left is not None:
            first = next(each for each in left if bool(each.any()))
            raise Ruling(Verdict.WRONG, f"{reference.output_name(index)}{unwritten_message(first)}")

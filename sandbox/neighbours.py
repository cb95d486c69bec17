"""A candidate at sizes beside those that it was written for: where it fails there, that is a label and no failure."""

from dataclasses import replace

from sandbox.evaluation import Candidate
from sandbox.examine import examine
from sandbox.guest import Guest
from sandbox.ladder import Tier
from sandbox.operators import trace
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.shrunk import small_source
from sandbox.spares import Nursery
from sandbox.wire import MeasurePlan
from tasks.program import load
from tasks.resize import constants, resized
from tasks.task import Task, TaskError

SHAPING = 8
"""Sizes below this (a kernel's width, a number of layers) shape the program, and stay."""


class Neighbour:
    """One task at small sizes, all but the shaping ones one larger, so that they leave a tail in blocks."""

    def __init__(self, task: Task, nursery: Nursery) -> None:
        """Build the reference at those sizes; raises TaskError."""
        self.source = neighbouring(small_source(task))
        self._nursery, self._reference = nursery, Reference(task, self.source, nursery.place.device)

    def against(self, candidate: Candidate, plan: MeasurePlan) -> str:
        """Run it in a process of its own; gives what went wrong in one line, or nothing."""
        self._reference.draw_weights(again=False)
        guest = Guest(candidate.source, self._reference, self._nursery)
        try:
            examine(guest, replace(plan, tier=Tier.LOOK))
        except Ruling as ruling:
            return ruling.message.partition("\n")[0]
        finally:
            guest.close()
        return ""


def neighbouring(source: str) -> str:
    """Make each size of 8 or more one larger, where the reference still runs; raises TaskError."""
    for name, size in constants(source).items():
        if size >= SHAPING and _runs(larger := resized(source, {name: size + 1})):
            source = larger
    return source


def _runs(source: str) -> bool:
    try:
        trace(load(source, "reference"))
    except TaskError:
        return False
    return True

"""What the judge's own work takes of the card, by the card's events: eager, roughly, and the copies of its outputs."""

import statistics
from collections.abc import Callable

import torch

from sandbox.card_time import CardTime
from sandbox.cold import Cold
from sandbox.gpu import GpuSpec
from sandbox.ladder import Distribution
from sandbox.reference import Reference
from sandbox.sitting import Copies

_RUNS = 21
"""Whose median is the time."""
_SHORTEST_COVER_MS, _LONGEST_COVER_MS = 0.3, 20.0
"""For so long the card is kept busy while work is launched: at first; and at most, for work may itself wait for it."""


def roughly_ms(reference: Reference, gpu: GpuSpec) -> float:
    """Time the reference's own calls in this process: near enough to plan by."""
    tensors = reference.draw_inputs(Distribution.OWN)
    return event_ms(lambda: reference.touch(tensors), Cold(gpu))


def copies(reference: Reference, gpu: GpuSpec, sets: int) -> Copies:
    """Time the card's own copies of one call's outputs, as of ``sets`` calls in a row."""
    pairs = [(_outputs(reference), _outputs(reference)) for _ in range(sets)]

    def write() -> None:
        for _, sources in pairs:
            for source in sources:
                source.zero_()

    def copy(*, written: bool) -> None:
        for targets, sources in pairs:
            for target, source in zip(targets, sources, strict=True):
                if written:
                    source.zero_()
                target.copy_(source)

    cold = Cold(gpu)
    both, alone = event_ms(lambda: copy(written=True), cold), event_ms(write, cold)
    return Copies(event_ms(lambda: copy(written=False), cold) / sets, max(0.0, both - alone) / sets)


def event_ms(act: Callable[[], None], cold: Cold) -> float:
    """Time work whose launches are over before the card begins with it: a slow host's pace is not the card's."""
    times, cover_ms = list[float](), _SHORTEST_COVER_MS
    while len(times) < _RUNS:
        cold.keep_busy(cover_ms)
        with CardTime(on_card=True) as taken:
            act()
            late = taken.begun
        if late and cover_ms < _LONGEST_COVER_MS:
            cover_ms = min(2 * cover_ms, _LONGEST_COVER_MS)
        else:
            times.append(taken.ms)
    return statistics.median(times)


def _outputs(reference: Reference) -> list[torch.Tensor]:
    return [
        torch.empty_strided(slot.shape, slot.stride, dtype=slot.kind, device=reference.device)
        for slot in reference.outputs
    ]

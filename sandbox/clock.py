"""Times a guest on the card: cold caches, fresh secret inputs for every run, and every run checked."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch

from sandbox import cores, nvml
from sandbox.calling import calls, look_again, rehearse
from sandbox.cold import COVER_MS, Cold
from sandbox.evaluation import Source, Timing, Verdict
from sandbox.exchange import Snapshot
from sandbox.gpu import GpuSpec
from sandbox.guest import Guest
from sandbox.pace import paced
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.sitting import Sitting, calls_for, rehearsals_for
from sandbox.stopping import believed, enough, rest_s
from sandbox.wire import MeasurePlan

Check = Callable[[Sequence[Sequence[torch.Tensor]], Snapshot], None]
"""Looks at the answers to the sets of a timed run; raises Ruling."""
_RUN_ERROR_MS = 0.01
"""How closely a run's own cost is known: so near, a median is sure enough. The host's share of a run varies by 0.03 ms
(p10 to p90, H200), by 0.1 while others slow its processors, however many calls it has."""
_REHEARSALS = 3
"""Single calls of which the quickest says how many make a run."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """What sampling found."""

    timing: Timing
    handover_ms: float
    """Median of what the judge's own last steps before the clock took of the card."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a guest is timed."""

    gpu: GpuSpec
    plan: MeasurePlan
    sitting: Sitting
    check: Check
    closely: bool = False
    """Also where a run's own cost is known less well: what is compared within one sitting shares that error."""


def sample(guest: Guest, terms: Terms) -> Sampled:
    """Time until the median is sure enough. Raises Ruling, and SandboxError where the card's clock will not hold.

    How many calls make a run is asked of single calls that nobody checks; a program that proves to be twice as quick or
    slow is timed once more, in runs of as many as it wants.
    """
    count = _rehearsed(guest, terms)
    sampled = _sampled(guest, terms, count)
    wanted = calls_for(sampled.timing.median_ms, guest.exchange.sets)
    return sampled if wanted < 2 * count and count < 2 * wanted else _sampled(guest, terms, wanted)


def _rehearsed(guest: Guest, terms: Terms) -> int:
    """Say how many calls make a run, by single calls on what lies there; raises Ruling."""
    if guest.exchange.sets == 1:
        return 1
    runs_ms = list[float]()
    for _ in range(_REHEARSALS):
        guest.stop()
        runs_ms.append(rehearse(guest, terms.plan.run_timeout_s) / 1e6)
    return calls_for(terms.sitting.net_ms(COVER_MS + min(runs_ms), 1), guest.exchange.sets)


def _sampled(guest: Guest, terms: Terms, count: int) -> Sampled:
    with paced(guest.spare.pid, cores.of_card()) as place:
        runs = _runs(guest, terms, count, place)
    kept = believed(runs.clocks_mhz)
    handover_ms = statistics.median(runs.handovers_ms[at] for at in kept)
    if not terms.sitting.idle(handover_ms, count):
        raise Ruling(Verdict.CHEATED, f"kept the card busy before its calls: our last steps took {handover_ms:.3g} ms")
    clock = statistics.median(runs.clocks_mhz[at] for at in kept) or None
    samples_ms = tuple(runs.samples_ms[at] for at in kept)
    timing = Timing(samples_ms, Source.MEASURED, terms.sitting.overhead_ms(count), clock, count)
    return Sampled(timing, handover_ms)


def _runs(guest: Guest, terms: Terms, count: int, place: Callable[[], None]) -> "_Runs":
    plan, begin, runs, cold = terms.plan, time.monotonic(), _Runs(), Cold(terms.gpu)
    near_ms = 0.0 if terms.closely else _RUN_ERROR_MS / count
    while not enough(runs.samples_ms, runs.clocks_mhz, plan, time.monotonic() - begin, near_ms):
        guest.stop()
        time.sleep(rest_s(runs.clocks_mhz))
        place()
        drawn = guest.reference.draw_sets(count + 1)
        made = calls(guest, drawn, plan.run_timeout_s, cold, rehearsals_for(runs.samples_ms, count))
        runs.clocks_mhz.append(nvml.sm_clock_mhz() or 0.0)
        runs.samples_ms.append(terms.sitting.net_ms(made.ms, count))
        runs.handovers_ms.append(made.handover_ms)
        terms.check(drawn[:-1], made.answers)
        look_again(guest, made)
    return runs


@dataclass(slots=True)
class _Runs:
    samples_ms: list[float] = field(default_factory=list[float])
    clocks_mhz: list[float] = field(default_factory=list[float])
    handovers_ms: list[float] = field(default_factory=list[float])


def null_source(reference: Reference) -> str:
    """Give a ModelNew that launches a kernel of nothing and returns tensors of the reference's shapes."""
    kept = ", ".join(
        f"torch.empty_strided({slot.shape}, {slot.stride}, dtype=torch.{slot.dtype}, device='cuda').zero_()"
        for slot in reference.outputs
    )
    return (
        "import torch\nimport triton\n\n\n@triton.jit\ndef nothing():\n    pass\n\n\n"
        "class ModelNew(torch.nn.Module):\n"
        "    def __init__(self, *arguments):\n        super().__init__()\n"
        f"        self.kept = [{kept}]\n\n"
        "    def forward(self, *inputs):\n        nothing[(1,)]()\n        return self.kept\n"
    )

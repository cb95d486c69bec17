"""Is the judge's clock right, and does it say the same twice? Calibrated kernels against the card's own events."""

import json
import subprocess
import sys
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.entries import at_sizes, entrant
from bench.figures import deviation, held, limit, spread, table
from sandbox.bench import Bench
from sandbox.evaluation import Evaluation, SandboxError
from tasks.task import Task

CALIBRATED = Path(__file__).parent / "calibrated"
EVENTS = Path(__file__).parent / "event_times.py"
EVENT_SECONDS = 1.0
"""Of runs by the card's events, a point, before and after the judge's."""
REPEATS = 10
STRICT_DEVIATION, LOOSE_DEVIATION = 0.01, 0.05
STRICT_SPREAD, LOOSE_SPREAD = 0.005, 0.03


@dataclass(frozen=True, slots=True)
class Point:
    """A calibrated kernel at one size."""

    kernel: str
    nominal_ms: float
    repeated: bool
    """Whether it is one of those whose spread is looked at."""
    task: Task

    @property
    def file(self) -> Path:
        """The candidate's."""
        return CALIBRATED / f"{self.kernel}.py"

    @property
    def name(self) -> str:
        """For example ``chain 0.05 ms``."""
        return f"{self.kernel} {self.nominal_ms:g} ms"


@dataclass(frozen=True, slots=True)
class Agreement:
    """The judge's medians beside the card's own event times."""

    point: str
    nominal_ms: float
    repeats_ms: tuple[float, ...]
    """Medians of whole evaluations, one after another."""
    samples: int
    """Of the first of them."""
    overhead_ms: float
    """Subtracted from its samples."""
    event_ms: tuple[float, float]
    """Medians by events, before and after."""

    @property
    def deviation(self) -> float:
        """The first evaluation's median over the mean of both event times, less one."""
        return deviation(self.repeats_ms[0], sum(self.event_ms) / 2)


def points(file: Path = CALIBRATED / "points.toml") -> list[Point]:
    """Read all points."""
    return [
        Point(
            each["kernel"],
            each["nominal_ms"],
            each["repeat"],
            at_sizes(str(CALIBRATED / "tasks" / f"{each['kernel']}.py"), each["sizes"]),
        )
        for each in tomllib.loads(file.read_text())["point"]
    ]


def agreements(bench: Bench, chosen: Sequence[Point], until: float) -> list[Agreement]:
    """Time every point by events, by the judge (once, or ``REPEATS`` times), and by events again.

    No further evaluation begins after ``time.monotonic()`` passes ``until``; a point that cannot be timed is left out.
    Both are printed, and the judge's medians as they come.
    """
    before = event_medians_ms(chosen)
    found: list[tuple[Point, Sequence[Evaluation], float]] = []
    for index, (point, event_ms) in enumerate(zip(chosen, before, strict=True)):
        if time.monotonic() > until:
            print(f"out of time: {index} of {len(chosen)} kernels were timed")
            break
        try:
            found.append((point, evaluated(bench, point, until), event_ms))
        except SandboxError as error:
            print(f"{point.name}: MISSED: {error}")
    after = event_medians_ms([point for point, _, _ in found])
    return [_agreement(point, mine, (first, last)) for (point, mine, first), last in zip(found, after, strict=True)]


def evaluated(bench: Bench, point: Point, until: float) -> list[Evaluation]:
    """Judge a point's candidate as often as its point says, in time; one that is not correct ends the run."""
    found: list[Evaluation] = []
    while not found or (point.repeated and len(found) < REPEATS and time.monotonic() < until):
        each = bench.evaluate(point.task, entrant(point.file).candidate)
        if not each.timing:
            raise SystemExit(f"{point.name}: {each.verdict}: {each.message}")
        print(f"{point.name}: {each.timing.median_ms:.4f} ms at {each.timing.sm_clock_mhz or 0:.0f} MHz", flush=True)
        found.append(each)
    return found


def _agreement(point: Point, found: Sequence[Evaluation], event_ms: tuple[float, float]) -> Agreement:
    timings = [each.timing for each in found if each.timing]
    medians = tuple(each.median_ms for each in timings)
    return Agreement(
        point.name, point.nominal_ms, medians, len(timings[0].samples_ms), timings[0].overhead_ms, event_ms
    )


def event_medians_ms(chosen: Sequence[Point]) -> list[float]:
    """Time all points by the card's events, in one plain process."""
    with TemporaryDirectory() as folder:
        asked: list[tuple[str, str, float]] = []
        for index, point in enumerate(chosen):
            reference = Path(folder) / f"{point.kernel}_{index}.py"
            reference.write_text(point.task.source)
            asked.append((str(reference), str(point.file), EVENT_SECONDS))
        ended = subprocess.run(
            [sys.executable, str(EVENTS)], input=json.dumps(asked), stdout=subprocess.PIPE, text=True, check=True
        )
    return [json.loads(line)["median_ms"] for line in ended.stdout.splitlines()]


def report(found: Sequence[Agreement]) -> str:
    """Set out both goals: agreement with the events, and spread of the repeats; a miss is called one."""
    head = ["kernel", "ours ms", "runs", "overhead ms", "events ms", "differs", "of", "", "spread", "of", ""]
    return table(head, [_row(each) for each in found])


def _row(each: Agreement) -> list[str]:
    allowed = limit(each.nominal_ms, STRICT_DEVIATION, LOOSE_DEVIATION)
    row = [
        each.point,
        f"{each.repeats_ms[0]:.4f}",
        str(each.samples),
        f"{each.overhead_ms:.4f}",
        f"{each.event_ms[0]:.4f}/{each.event_ms[1]:.4f}",
        f"{each.deviation:+.2%}",
        f"{allowed:.1%}",
        held(each.deviation, allowed),
    ]
    if len(each.repeats_ms) == 1:
        return [*row, "-", "-", "-"]
    widest, found = limit(each.nominal_ms, STRICT_SPREAD, LOOSE_SPREAD), spread(each.repeats_ms)
    return [*row, f"{found:.2%}", f"{widest:.1%}", held(found, widest)]

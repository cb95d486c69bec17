"""How many candidates an hour: our judge and the plain harness take turns on one card, a task at a time."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.entries import End, Entrant, Entry, end_of
from bench.figures import added, per_hour, table
from sandbox.bench import Bench
from sandbox.devices import PlaceKind
from sandbox.evaluation import Candidate, Evaluation
from sandbox.wire import ahead
from tasks.task import Task

PLAIN = Path(__file__).parent / "plain.py"
PATIENCE_S = 180
AHEAD = ("import", "context")
"""Phases of ours that are over, or hidden in another, when a candidate's turn comes: its seconds do not hold them."""

START = "start"
"""Phase of the plain harness: what its own leave, Python's start, torch's import, and the process's end."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What one harness made of one candidate."""

    harness: str
    """``ours`` or ``plain``."""
    entry: str
    candidate: str
    expected: End
    found: End
    seconds: float
    """Wall time until the next one could be taken."""
    phases: dict[str, float]
    """Seconds by phase. ``rest`` of ours: a task's baseline, comparisons, copies, and the way to the judge and back."""
    median_ms: float | None
    message: str


def hint(bench: Bench, task: Task, candidate: Candidate) -> None:
    """Tell the bench which candidate comes after the one that is judged next."""
    bench.prepare(task, candidate)


def phases_of(evaluation: Evaluation) -> dict[str, float]:
    """Give seconds by phase; nothing for a candidate that was refused unseen."""
    told = asdict(evaluation.phases) if evaluation.phases else {}
    told.pop("total_ms", None)
    return {name.removesuffix("_ms"): value / 1e3 for name, value in told.items() if name.endswith("_ms")}


def ours(bench: Bench, entry: Entry) -> list[Judged]:
    """Judge a task's candidates one after another, each with hints of the next, as ``evaluate_all`` gives them."""
    depth = ahead(on_card=bench.environment.place == PlaceKind.CUDA)
    found: list[Judged] = []
    for index, each in enumerate(entry.entrants):
        new = entry.entrants[index + depth if index else 1 : index + depth + 1]
        found.append(_judged(bench, entry, each, new))
    return found


def _judged(bench: Bench, entry: Entry, each: Entrant, following: Sequence[Entrant]) -> Judged:
    begin = time.perf_counter()
    for later in following:
        hint(bench, entry.task, later.candidate)
    found = bench.evaluate(entry.task, each.candidate)
    seconds = time.perf_counter() - begin
    phases = phases_of(found)
    waited = sum(each for name, each in phases.items() if name not in AHEAD)
    return Judged(
        "ours",
        entry.name,
        each.file.stem,
        each.expected,
        end_of(found.verdict),
        seconds,
        {**phases, "rest": seconds - waited},
        found.timing.median_ms if found.timing else None,
        one_line(f"{found.verdict} {found.message}"),
    )


def one_line(said: str) -> str:
    """Give the end of what was said, on one line."""
    return " ".join(said.split())[-300:]


class PlainHarness:
    """Runs ``plain.py``; its processes share a compile cache that is fresh for the whole, as a user's own would be."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = {**os.environ, "TRITON_CACHE_DIR": str(folder / "triton")}

    def judge(self, entry: Entry) -> list[Judged]:
        """Judge a task's candidates, a process each."""
        reference = self._folder / f"{entry.name}.py"
        reference.write_text(entry.task.source)
        return [self._one(entry, reference, each) for each in entry.entrants]

    def _one(self, entry: Entry, reference: Path, each: Entrant) -> Judged:
        command = [sys.executable, str(PLAIN), str(reference), str(each.file), "--tolerance", str(entry.tolerance)]
        if entry.task.tolerance.tf32:
            command.append("--tf32")
        begin = time.perf_counter()
        ended = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        seconds = time.perf_counter() - begin
        named = "plain", entry.name, each.file.stem, each.expected
        if ended.returncode:
            return Judged(*named, End.FAILS, seconds, {START: seconds}, None, one_line(ended.stderr))
        told = json.loads(ended.stdout.splitlines()[-1])
        phases = {START: seconds - sum(told["phases"].values()), **told["phases"]}
        message = one_line(told.get("message", ""))
        return Judged(*named, End(told["verdict"]), seconds, phases, told.get("median_ms"), message)


def take_turns(bench: Bench, entries: Sequence[Entry], *, plain: bool, until: float) -> list[Judged]:
    """Give each task to both harnesses in turn, the first one changing, until ``time.monotonic()`` passes ``until``."""
    found: list[Judged] = []
    with TemporaryDirectory() as folder:
        harness = PlainHarness(Path(folder))
        for index, entry in enumerate(entries):
            if time.monotonic() > until:
                print(f"out of time: {index} of {len(entries)} tasks were judged")
                break
            turns = [lambda one=entry: ours(bench, one), *([lambda one=entry: harness.judge(one)] if plain else [])]
            for turn in turns if index % 2 else reversed(turns):
                found += turn()
    return found


def report(found: Sequence[Judged]) -> str:
    """Set out rates and their ratio, seconds by phase, and what ended otherwise than expected."""
    harnesses = {name: [each for each in found if each.harness == name] for name in ("ours", "plain")}
    rates = {name: rate(mine) for name, mine in harnesses.items() if mine}
    lines = [_rates(harnesses, rates), "(seconds a candidate; import and context of ours are spent ahead)", ""]
    lines.append(_by_task(found))
    if len(rates) == 2:
        ratio = rates["ours"] / rates["plain"]
        lines.insert(1, f"ratio: {ratio:.1f}, goal 10: {'reached' if ratio >= 10 else 'MISSED'}{_later(harnesses)}")
    odd = [each for each in found if each.found is not each.expected]
    lines += [
        f"{each.harness}: {each.entry}/{each.candidate} {each.found}, expected {each.expected}: {each.message}"
        for each in odd
    ]
    return "\n".join(lines)


def _later(harnesses: dict[str, list[Judged]]) -> str:
    """Say the ratio without each task's first candidate, with which we time the task's baseline; nothing without."""
    first = {name: {each.entry: each for each in reversed(mine)} for name, mine in harnesses.items()}
    later = {name: [each for each in mine if each is not first[name][each.entry]] for name, mine in harnesses.items()}
    if not all(later.values()):
        return ""
    ratio = rate(later["ours"]) / rate(later["plain"])
    return f" (without each task's first, whose seconds hold its baseline: {ratio:.1f})"


def rate(mine: Sequence[Judged]) -> float:
    """Candidates an hour over all of these."""
    return per_hour(len(mine), sum(each.seconds for each in mine))


def _rates(harnesses: dict[str, list[Judged]], rates: dict[str, float]) -> str:
    phases = {name: added([each.phases for each in harnesses[name]]) for name in rates}
    names = list(dict.fromkeys(name for each in phases.values() for name in each))
    rows = [
        [
            name,
            str(len(harnesses[name])),
            f"{rates[name]:.0f}",
            f"{3600 / rates[name]:.2f}",
            *(f"{phases[name].get(phase, 0.0) / len(harnesses[name]):.2f}" for phase in names),
        ]
        for name in rates
    ]
    return table(["harness", "candidates", "an hour", "s each", *names], rows)


def _by_task(found: Sequence[Judged]) -> str:
    cells = {(each.entry, each.candidate, each.harness): each for each in found}
    rows = []
    for entry, candidate in dict.fromkeys((each.entry, each.candidate) for each in found):
        pair = [cells.get((entry, candidate, harness)) for harness in ("ours", "plain")]
        shown = [(f"{each.found}", f"{each.seconds:.2f}", _ms(each)) if each else ("-", "-", "-") for each in pair]
        rows.append([f"{entry}/{candidate}", *(cell for each in zip(*shown, strict=True) for cell in each)])
    return table(["candidate", "ours", "plain", "ours s", "plain s", "ours ms", "plain ms"], rows)


def _ms(each: Judged) -> str:
    return f"{each.median_ms:.4g}" if each.median_ms else "-"

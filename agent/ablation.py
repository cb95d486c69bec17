"""Does a variant help? Runs of the same tasks under two variants, paired. A fold; nothing is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.config import ConfigError
from agent.history import History
from agent.interval import Mean, geometric_mean
from agent.leaderboard import board_of
from agent.yields import Cost, cost_of
from sandbox.comparison import Comparison, Outcome, compare
from sandbox.evaluation import Source

_Key = tuple[str, str]
"""A task's id and digest: a changed reference is another task."""


@dataclass(frozen=True, slots=True)
class Arm:
    """A variant, and the runs made with it: at most one that ended for each task."""

    name: str
    histories: tuple[History, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A task that both sides solved."""

    task: str
    """Its id."""
    comparison: Comparison
    """The baseline's best time over the variant's: above 1 the variant is faster."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A task that is in no number, and why."""

    variant: str
    task: str
    reason: str


@dataclass(frozen=True, slots=True)
class Contrast:
    """A variant against the baseline, over the tasks that both worked on to the end, on one card by one clock."""

    variant: str
    source: Source
    gpu: str
    pairs: tuple[Pair, ...]
    """By task id."""
    only_variant: tuple[str, ...]
    """Tasks, by id, for which the baseline found nothing correct."""
    only_baseline: tuple[str, ...]
    neither: tuple[str, ...]
    unequal: tuple[str, ...]
    """Tasks for which the two made different numbers of calls."""
    cost: Cost
    """Of the variant."""
    baseline_cost: Cost

    @property
    def mean(self) -> Mean | None:
        """Of the pairs' ratios; None where no task was solved by both."""
        return geometric_mean([pair.comparison.ratio for pair in self.pairs])

    def counted(self, outcome: Outcome) -> int:
        """How many tasks ended so: FASTER is a win of the variant, by the rule of every other comparison."""
        return sum(pair.comparison.outcome is outcome for pair in self.pairs)


def contrasted(baseline: Arm, variant: Arm) -> tuple[tuple[Contrast, ...], tuple[LeftOut, ...]]:
    """Pair two arms task by task: a contrast a card and clock, measured first, and what could not be compared.

    Raises ConfigError where they have no task in common, or one of them has two runs of a task.
    """
    ours, theirs = _by_task(baseline), _by_task(variant)
    if not ours.keys() & theirs.keys():
        raise ConfigError(f"{baseline.name!r} and {variant.name!r} have no task in common, so nothing can be compared")
    left_out: list[LeftOut] = []
    boards: dict[tuple[Source, str], list[tuple[History, History]]] = {}
    for key in sorted(ours.keys() | theirs.keys()):
        pair = ours.get(key), theirs.get(key)
        if pair[0] is None or pair[1] is None:
            has, lacks = (baseline, variant) if pair[0] else (variant, baseline)
            left_out.append(LeftOut(variant.name, key[0], f"{has.name} has a run of it, {lacks.name} none"))
        elif reason := _unlike(baseline.name, pair[0], variant.name, pair[1]):
            left_out.append(LeftOut(variant.name, key[0], reason))
        elif board := board_of(pair[0]):
            boards.setdefault(board, []).append((pair[0], pair[1]))
    return tuple(_contrast(variant.name, *board, boards[board]) for board in sorted(boards)), tuple(left_out)


def _by_task(arm: Arm) -> dict[_Key, History]:
    """Find each task's run, one that ended before one that did not; raises ConfigError for two that ended."""
    found: dict[_Key, History] = {}
    for history in arm.histories:
        key = history.task.id, history.task.digest
        held = found.get(key)
        if held and held.ended is not None and history.ended is not None:
            raise ConfigError(
                f"{arm.name!r} has two runs of {history.task.id} that ended; name the runs or batches that count"
            )
        found[key] = history if held is None or held.ended is None else held
    return found


def _unlike(first: str, one: History, second: str, other: History) -> str:
    """Say why two runs of a task cannot be compared; empty where they can."""
    for name, history in ((first, one), (second, other)):
        if history.ended is None or board_of(history) is None:
            return f"the run of {name} did not end"
    if board_of(one) != board_of(other):
        return f"{first} was {_place(one)}, {second} {_place(other)}: such times are not compared"
    return ""


def _place(history: History) -> str:
    source, gpu = board_of(history) or ("judged", "nothing")
    return f"{source} for {gpu}"


def _contrast(name: str, source: Source, gpu: str, pairs: Sequence[tuple[History, History]]) -> Contrast:
    def those(*, ours: bool, theirs: bool) -> tuple[str, ...]:
        return tuple(a.task.id for a, b in pairs if (a.best is not None, b.best is not None) == (ours, theirs))

    return Contrast(
        name,
        source,
        gpu,
        pairs=tuple(
            Pair(a.task.id, compare(a.best.evaluation, b.best.evaluation)) for a, b in pairs if a.best and b.best
        ),
        only_variant=those(ours=False, theirs=True),
        only_baseline=those(ours=True, theirs=False),
        neither=those(ours=False, theirs=False),
        unequal=tuple(a.task.id for a, b in pairs if a.asked != b.asked),
        cost=_cost(b for _, b in pairs),
        baseline_cost=_cost(a for a, _ in pairs),
    )


def _cost(histories: Iterable[History]) -> Cost:
    return cost_of([attempt for history in histories for attempt in history.attempts])

"""Who is fastest: the best attempt a task, over all runs, one board a card and a clock. A fold; nothing is stored."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.attempt import Attempt
from agent.history import History
from sandbox.evaluation import Source
from tasks.task import Task


@dataclass(frozen=True, slots=True)
class Row:
    """A task's best."""

    task: Task
    run: str
    attempt: Attempt
    speedup: float
    """Eager over candidate."""


@dataclass(frozen=True, slots=True)
class Board:
    """The best of each task on one card, by one kind of clock; measured and modelled numbers never meet."""

    gpu: str
    source: Source
    rows: tuple[Row, ...]
    """The best correct attempt of each task, fastest first."""
    tried: int
    """Tasks that were attempted, with or without success."""

    @property
    def key(self) -> tuple[Source, str]:
        """What tells boards apart."""
        return self.source, self.gpu

    @property
    def geometric_mean(self) -> float | None:
        """Of the speed-ups of ``rows``; None where there is none."""
        if not self.rows:
            return None
        return math.exp(sum(math.log(row.speedup) for row in self.rows) / len(self.rows))

    @property
    def fast_share(self) -> float:
        """Share of the tasks tried whose best is correct and faster than eager, in 0..1 (fast_1)."""
        return sum(row.speedup > 1 for row in self.rows) / self.tried

    def rank(self, task: Task) -> int | None:
        """Place of a task, 1 the fastest; None where it has no correct kernel."""
        return next((place for place, row in enumerate(self.rows, 1) if _key(row.task) == _key(task)), None)


def boards(histories: Mapping[str, History]) -> list[Board]:
    """Fold runs, by id, into boards, measured ones first; of two equal speed-ups the earlier run keeps its place."""
    best: dict[tuple[Source, str], dict[tuple[str, str], Row | None]] = {}
    for run, history in histories.items():
        if (board := board_of(history)) and history.attempts:
            tasks, key = best.setdefault(board, {}), _key(history.task)
            held, new = tasks.get(key), _row(run, history)
            tasks[key] = new if new and (not held or new.speedup > held.speedup) else held
    return [_board(source, gpu, tasks.values()) for (source, gpu), tasks in sorted(best.items())]


def board_of(history: History) -> tuple[Source, str] | None:
    """The clock and the card that a run's times belong to; None before it has judged anywhere."""
    if history.environment is None:
        return None
    timing = history.best.evaluation.timing if history.best else None
    by_place = Source.MEASURED if history.environment.place == "cuda" else Source.MODELLED
    return (timing.source if timing else by_place), history.environment.gpu


def _row(run: str, history: History) -> Row | None:
    best = history.best
    if best is None or best.evaluation.speedup is None:
        return None
    return Row(history.task, run, best, best.evaluation.speedup)


def _board(source: Source, gpu: str, held: Iterable[Row | None]) -> Board:
    tasks = list(held)
    rows = sorted((row for row in tasks if row), key=lambda row: -row.speedup)
    return Board(gpu, source, tuple(rows), len(tasks))


def _key(task: Task) -> tuple[str, str]:
    return task.id, task.digest

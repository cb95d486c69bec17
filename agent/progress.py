"""What is seen while a run is under way: a live display on a terminal, plain lines elsewhere, objects for programs."""

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from agent import json_lines, report, words
from agent.budget import Budget
from agent.events import Asked, AttemptMade, Event, Replied, RunEnded, WorkBegan
from agent.history import History


class Watcher(Protocol):
    """Told of every event of a run, after it was written."""

    def __call__(self, run: str, event: Event, history: History) -> None:
        """Show it."""
        ...


class Lines:
    """One line a question and one an answer, for logs."""

    def __init__(self, console: Console, budget: Budget) -> None:
        self._console, self._budget = console, budget

    def __call__(self, run: str, event: Event, history: History) -> None:
        """Print what happened."""
        if isinstance(event, WorkBegan):
            self._say(f"{history.task.id}: run {run}")
        elif isinstance(event, Asked):
            self._say(f"#{len(history.attempts)} {_open_move(history)}: asking")
        elif isinstance(event, AttemptMade):
            self._say(
                f"#{event.attempt.number} {words.stage_of(event.attempt)}: {_outcome(event, history, self._budget)}"
            )

    def _say(self, line: str) -> None:
        self._console.print(Text(line), soft_wrap=True)


class Objects:
    """The events that a program wants, one JSON object each."""

    def __init__(self, kernel_of: Callable[[str, History], str | None]) -> None:
        self._kernel_of = kernel_of
        self._begun: set[str] = set()
        self._ended: set[str] = set()

    def __call__(self, run: str, event: Event, history: History) -> None:
        """Print what happened."""
        if isinstance(event, WorkBegan) and history.environment and run not in self._begun:
            self._begun.add(run)
            self._write(json_lines.start(run, history, history.environment))
        elif isinstance(event, AttemptMade):
            self._write(json_lines.attempt(run, history, event.attempt))
        elif isinstance(event, RunEnded):
            self.end(run, history)

    def end(self, run: str, history: History) -> None:
        """Print a run's end, once."""
        if run not in self._ended:
            self._ended.add(run)
            self._write(json_lines.end(run, history, self._kernel_of(run, history)))

    def stopped(self, run: str, history: History, how: str, why: str) -> None:
        """Print that a run waits or failed, and can be taken up again."""
        self._write({"event": how, "run": run, "task": history.task.id, "message": why})

    def _write(self, record: dict[str, Any]) -> None:
        sys.stdout.write(json_lines.line(record) + "\n")
        sys.stdout.flush()


class Display:
    """A few lines at the bottom of a terminal: the attempts so far, what happens now, what is left."""

    def __init__(
        self, console: Console, budget: Budget, tasks: int = 1, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``tasks`` is how many a batch holds; ``clock`` gives seconds."""
        self._console, self._budget, self._tasks, self._clock = console, budget, tasks, clock
        self._history: History | None = None
        self._found: dict[str, bool] = {}
        self._doing = "starting"
        self._since = clock()
        self._spinner = Spinner("dots")

    def __call__(self, run: str, event: Event, history: History) -> None:
        """Take in what happened; the next frame shows it."""
        self._history, self._since = history, self._clock()
        self._found[run] = history.best is not None
        if isinstance(event, Asked):
            self._doing = f"{_open_move(history)}: asking"
        elif isinstance(event, Replied):
            self._doing = f"{_open_move(history)}: judging"
        elif isinstance(event, RunEnded):
            self._doing = "ending"
        else:
            self._doing = "choosing the next stage"

    def __rich__(self) -> RenderableType:
        """The next frame."""
        waited = self._clock() - self._since
        self._spinner.update(text=Text(f"{self._doing}  {words.duration(waited)}", style="bold"))
        if self._history is None:
            return self._spinner
        table = report.attempts(self._history, last=max(3, self._console.height - 9))
        return Group(self._title(self._history), table, self._spinner, self._status(self._history, waited))

    def _title(self, history: History) -> RenderableType:
        place = f" · {len(self._found)} of {self._tasks} tasks, {sum(self._found.values())} with a kernel"
        return Text.assemble((history.task.id, "bold"), (place if self._tasks > 1 else "", "dim"))

    def _status(self, history: History, waited: float) -> RenderableType:
        best = history.best
        held = f"best {words.speedup_of(best.evaluation)} (#{best.number})" if best else "nothing correct yet"
        worked = history.worked_s + waited
        time_left = words.left(self._budget, history, worked)
        clock = f"{words.duration(worked)} elapsed" + (f", {time_left}" if time_left else "")
        return Text(f"{held} · {words.used(self._budget, history)}\n{clock}", style="dim")


@contextmanager
def displayed(console: Console, budget: Budget, tasks: int) -> Generator[Display]:
    """Show a live display until the end of the block; it leaves nothing behind."""
    display = Display(console, budget, tasks)
    with Live(display, console=console, refresh_per_second=8, transient=True, redirect_stdout=False):
        yield display


def _open_move(history: History) -> str:
    if not history.open_moves:
        return "model"
    return words.move(history.open_moves[0])


def _outcome(event: AttemptMade, history: History, budget: Budget) -> str:
    judged, best = event.attempt.evaluation, history.best
    facts = [str(judged.verdict), words.speedup_of(judged) or words.note(event.attempt)]
    facts.append(f"best {words.speedup_of(best.evaluation)} (#{best.number})" if best else "")
    facts += [words.used(budget, history), words.left(budget, history, history.worked_s)]
    return "; ".join(fact for fact in facts if fact)

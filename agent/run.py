"""One run under way: what happens is written first, then folded, then shown."""

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Self

from agent.claim import claimed
from agent.events import Event, RunStarted, WorkBegan, folded
from agent.history import History
from agent.journal import Journal, JournalError
from agent.memory import Memory
from sandbox.evaluation import Candidate, Environment
from tasks.task import Task

Listener = Callable[[Event, History], None]
"""Told of every event after it was written, with the history that includes it."""


class TakenError(JournalError):
    """Another process works on the run."""


class MovedError(JournalError):
    """The run judged elsewhere: its times and those of this machine cannot be compared."""


def ignore(_event: Event, _history: History) -> None:
    """Listen to nothing."""


def new_id(name: str) -> str:
    """A sortable, typeable id of a run or a batch, for example ``2026-11-21-1530-softmax-ab12`` (UTC)."""
    return f"{datetime.now(UTC):%Y-%m-%d-%H%M}-{name}-{secrets.token_hex(2)}"


def begin(
    journal: Journal,
    task: Task,
    environment: Environment,
    *,
    config: str,
    batch: str = "",
    given: Candidate | None = None,
) -> str:
    """Write that a run exists and return its id; ``config`` is the configuration's JSON. Raises JournalError."""
    run = new_id(task.name)
    while any(journal.read(run)):
        run = new_id(task.name)
    journal.append(run, task.id, RunStarted(task, config, environment, batch, given))
    return run


class Run:
    """A run that this process works on, from ``with`` to the end of its block."""

    def __init__(self, journal: Journal, run: str, listener: Listener = ignore) -> None:
        self.id = run
        self.memory = Memory()
        self._journal = journal
        self._listener = listener
        self._held = ExitStack()

    def __enter__(self) -> Self:
        """Claim the run and read what it did so far; raises TakenError, or JournalError for a run that there is not."""
        with ExitStack() as held:
            if not self._is_free(held):
                raise TakenError(f"another process works on run {self.id}; wait for it, or stop it")
            self.history = self._replayed()
            self._held = held.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Give the claim back."""
        self._held.close()

    def take_up(self, environment: Environment) -> None:
        """Write that work begins, here; raises MovedError where the run judged in another place or for another GPU."""
        before = self.history.environment
        if before and (before.place, before.gpu) != (environment.place, environment.gpu):
            raise MovedError(
                f"run {self.id} judges {before.place} on {before.gpu}, this would be {environment.place} on "
                f"{environment.gpu}: their times cannot be compared; resume it there, or start a new run"
            )
        self.record(WorkBegan())

    def record(self, event: Event) -> None:
        """Write an event, then take it in, then tell the listener. Raises JournalError."""
        entry = self._journal.append(self.id, self.history.task.id, event)
        self._take_in(event, entry.at)
        self._listener(event, self.history)

    def _is_free(self, held: ExitStack) -> bool:
        file = self._journal.home / "locks" / self.id
        try:
            return held.enter_context(claimed(file))
        except OSError as error:
            raise JournalError(
                f"{file}: {error.strerror}; see to the disk, or name another folder with --home"
            ) from error

    def _replayed(self) -> History:
        entries = self._journal.read(self.id)
        first = next(entries, None)
        if first is None or not isinstance(first.event, RunStarted):
            raise JournalError(f"{self._journal.file} holds no run {self.id}")
        self.history = folded(History(first.event.task), first.event, first.at)
        for entry in entries:
            self._take_in(entry.event, entry.at)
        return self.history

    def _take_in(self, event: Event, at: float) -> None:
        self.history = folded(self.history, event, at)
        self.memory.note(event)

"""What past runs can be asked: which there are, which never ended, what they found. Queries; nothing is stored."""

import difflib
from dataclasses import dataclass, replace

from agent.events import Asked, Replied, RunEnded, RunStarted, folded
from agent.history import History
from agent.journal import Journal, JournalError
from agent.llm import Move, Reply
from sandbox.evaluation import Environment
from tasks.task import Task


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run, without its attempts."""

    id: str
    task: Task
    config: str
    """As JSON."""
    environment: Environment
    batch: str
    """The batch it belongs to; empty where it stands alone."""
    started_at: float
    """Unix seconds."""
    ended: str | None = None
    """Why it is over; None while it is not."""


def runs(journal: Journal) -> list[PastRun]:
    """All runs, oldest first; raises JournalError."""
    found: dict[str, PastRun] = {}
    for entry in journal.read(kinds=(RunStarted, RunEnded)):
        match entry.event:
            case RunStarted(task, config, environment, batch):
                found[entry.run] = PastRun(entry.run, task, config, environment, batch, entry.at)
            case RunEnded(reason):
                found[entry.run] = replace(found[entry.run], ended=reason)
            case _:
                pass
    return list(found.values())


def named(journal: Journal, text: str) -> list[PastRun]:
    """The run, or the runs of the batch, with that id or a piece of it; raises JournalError that says what there is."""
    known = runs(journal)
    if exact := [run for run in known if text and text in (run.id, run.batch)]:
        return exact
    groups = {run.batch or run.id for run in known if text in (run.batch or run.id)}
    single = {run.id for run in known if text in run.id}
    names = groups or single
    if len(names) == 1:
        return [run for run in known if names & {run.id, run.batch}]
    if names:
        raise JournalError(f"{text!r} could be {', '.join(sorted(names)[-3:])}; write more of it")
    ids = [run.id for run in known]
    near = difflib.get_close_matches(text, ids, 1, 0.4) or ids[-1:]
    hint = f"did you mean {near[0]!r}?" if near else "there are none yet"
    raise JournalError(f"{journal.file} holds no run {text!r}; {hint}")


def histories(journal: Journal, run: str | None = None) -> dict[str, History]:
    """All that every run tried, or one run alone, by id, oldest first; raises JournalError."""
    found: dict[str, History] = {}
    for entry in journal.read(run):
        if isinstance(entry.event, RunStarted):
            found[entry.run] = History(entry.event.task)
        found[entry.run] = folded(found[entry.run], entry.event, entry.at)
    return found


def replies(journal: Journal, run: str) -> list[tuple[Move, str, Reply]]:
    """Every answer of a run with its move and its prompt's digest, as a recording keeps them; raises JournalError."""
    digests: dict[Move, str] = {}
    found: list[tuple[Move, str, Reply]] = []
    for entry in journal.read(run, kinds=(Asked, Replied)):
        match entry.event:
            case Asked(move, prompt):
                digests[move] = prompt.digest
            case Replied(move, reply):
                found.append((move, digests[move], reply))
            case _:
                pass
    return found

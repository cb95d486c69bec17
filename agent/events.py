"""What the journal holds: one frozen dataclass a kind of event, how it changes a history, and its JSON."""

import json
from dataclasses import dataclass, replace
from typing import cast, get_args

from agent.attempt import Attempt, Proposal
from agent.history import History
from agent.llm import Move, Reply
from prompts.library import Prompt
from sandbox.codec import CodecError, decode, encode
from sandbox.evaluation import Candidate, Environment
from sandbox.metrics import NcuMetrics
from tasks.task import Task

VERSION = 2
"""Of the events' fields; it rises when an older program could no longer read what is written."""


class EventError(ValueError):
    """A line is no event that this version knows."""


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run exists: everything that it depends on."""

    task: Task
    config: str
    """The whole configuration, as JSON."""
    environment: Environment
    batch: str = ""
    """The batch it belongs to; empty where it stands alone."""
    given: Candidate | None = None
    """A kernel to start from, whole: the user's file may change."""

    def applied_to(self, history: History) -> History:
        """Set what the run begins with."""
        return replace(history, task=self.task, environment=self.environment, given=self.given)


@dataclass(frozen=True, slots=True)
class WorkBegan:
    """A process took the run up, for the first time or again. The time before it was nobody's work."""

    def applied_to(self, history: History) -> History:
        """Change nothing that was tried."""
        return history


@dataclass(frozen=True, slots=True)
class MovesProposed:
    """A round: written before its first move is made, so that a killed round is finished and not proposed anew."""

    moves: tuple[Proposal, ...]

    def applied_to(self, history: History) -> History:
        """Open the round."""
        return replace(history, proposed=self.moves, proposed_from=len(history.attempts))


@dataclass(frozen=True, slots=True)
class CountersRead:
    """An attempt that never was the best has its counters after all: a question shows it beside the best."""

    number: int
    """Of the attempt."""
    profile: NcuMetrics

    def applied_to(self, history: History) -> History:
        """Put them to the attempt."""
        return history.profiled(self.number, self.profile)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question is about to be put. Holds its words: stages may be reworded before a slow answer comes."""

    move: Move
    prompt: Prompt

    def applied_to(self, history: History) -> History:
        """Change nothing that was tried."""
        return history


@dataclass(frozen=True, slots=True)
class Replied:
    """An answer arrived; written before it is judged, because it may have cost money."""

    move: Move
    reply: Reply

    def applied_to(self, history: History) -> History:
        """Change nothing that was tried: the attempt brings the reply."""
        return history


@dataclass(frozen=True, slots=True)
class CallFailed:
    """The model's side refused or stayed silent; nothing is owed."""

    move: Move
    reason: str

    def applied_to(self, history: History) -> History:
        """Change nothing that was tried."""
        return history


@dataclass(frozen=True, slots=True)
class CallLost:
    """A call was in flight when the process died: its answer is gone, its price possibly paid."""

    move: Move

    def applied_to(self, history: History) -> History:
        """Count it."""
        return replace(history, possibly_paid=history.possibly_paid + 1)


@dataclass(frozen=True, slots=True)
class AttemptMade:
    """A whole turn in one row. Repeats the prompt and the reply, so that one query reads all turns of all runs."""

    attempt: Attempt

    def applied_to(self, history: History) -> History:
        """Add it."""
        return history.plus(self.attempt)


@dataclass(frozen=True, slots=True)
class RunEnded:
    """Why a run is over."""

    reason: str

    def applied_to(self, history: History) -> History:
        """Close the run."""
        return replace(history, ended=self.reason)


Event = (
    RunStarted
    | WorkBegan
    | MovesProposed
    | CountersRead
    | Asked
    | Replied
    | CallFailed
    | CallLost
    | AttemptMade
    | RunEnded
)
KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}


def folded(history: History, event: Event, at: float) -> History:
    """Apply an event that was written ``at`` (Unix seconds)."""
    return event.applied_to(history.clocked(at, working=not isinstance(event, WorkBegan)))


def to_json(event: Event) -> str:
    """Write one line."""
    return json.dumps({"kind": type(event).__name__, "version": VERSION, **encode(event)})


def from_json(line: str) -> Event:
    """Read one line; raises EventError for a newer version's event and for what is no event."""
    try:
        body = json.loads(line)
        kind, version = str(body.pop("kind")), int(body.pop("version"))
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise EventError(f"damaged: {line!r:.60}") from error
    if version > VERSION or kind not in KINDS:
        raise EventError(f"{kind} (version {version}) was written by a newer kernelwright; upgrade this one")
    try:
        return cast("Event", decode(KINDS[kind], body))
    except CodecError as error:
        raise EventError(f"damaged: {kind}: {error}") from error

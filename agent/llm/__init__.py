"""A language model, seen from here. A module in this folder that defines ``make`` is a backend."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from prompts.library import Prompt


class LlmError(Exception):
    """The provider refused, stayed silent after every retry, or is set up wrong; one line for a person."""


class ReplyPending(LlmError):  # noqa: N818 (a state, not an error: the answer is still to come)
    """The answer is not there yet; ask again later. Ends a run with exit code 75, resumable."""


class OutOfReplies(LlmError):  # noqa: N818 (a state, as above)
    """A recording holds no reply to this move; ends a run cleanly with what it has."""


class Finish(StrEnum):
    """Why the model stopped."""

    DONE = "done"
    TRUNCATED = "truncated"
    """The token limit, or a stream that ended without a reason."""
    FILTERED = "filtered"
    """The provider withheld the answer."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a reply cost."""

    input_tokens: int | None = None
    """None where the provider did not say."""
    output_tokens: int | None = None
    usd: float | None = None
    """None where the price is unknown; 0.0 only where it is known to be free."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, whole."""

    text: str
    finish: Finish = Finish.DONE
    usage: Usage = Usage()
    model: str = ""
    """As the provider names it."""
    reasoning: str = ""
    """Thinking that the provider sends beside the text."""


@dataclass(frozen=True, slots=True)
class Move:
    """What identifies a question: a reply is found by it, never by the prompt's words."""

    task: str
    """Task id."""
    stage: str
    parents: tuple[str, ...]
    """Digests of the parents' code; of the whole reply text where a parent had no code."""
    repetition: int
    """How often this very question was put before in the run."""

    @property
    def key(self) -> str:
        """Names the move: 16 hex digits."""
        words = "\0".join((self.task, self.stage, *self.parents, str(self.repetition)))
        return hashlib.sha256(words.encode()).hexdigest()[:16]


class Llm(Protocol):
    """One question, one answer."""

    paid: bool
    """Whether an unanswered call may have cost money (a call in flight at a kill is then recorded as possibly paid)."""

    @property
    def notices(self) -> list[str]:
        """What a person should know about the answers so far, one line each; empty where there is nothing to say."""
        ...

    def check(self, task_id: str) -> None:
        """Raise LlmError if a run on this task cannot even begin (no key, no recording, no model)."""
        ...

    def complete(self, prompt: Prompt, move: Move) -> Reply:
        """Ask; raises LlmError, ReplyPending or OutOfReplies."""
        ...

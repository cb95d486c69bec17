"""An answer that arrived is never bought again: questions and answers of one run, by their move."""

from agent.events import Asked, CallFailed, CallLost, Event, Replied
from agent.llm import Move, Reply
from prompts.library import Prompt


class Memory:
    """A fold over a run's events."""

    def __init__(self) -> None:
        self._prompts: dict[str, Prompt] = {}
        self._replies: dict[str, Reply] = {}

    def note(self, event: Event) -> None:
        """Take in the next event."""
        match event:
            case Asked(move, prompt):
                self._prompts[move.key] = prompt
            case Replied(move, reply):
                self._replies[move.key] = reply
            case CallLost(move) | CallFailed(move):
                self._prompts.pop(move.key, None)
            case _:
                pass

    def prompt_of(self, move: Move) -> Prompt | None:
        """The words in which the question was put, if it was and did not fail."""
        return self._prompts.get(move.key)

    def reply_to(self, move: Move) -> Reply | None:
        """The answer, if it arrived."""
        return self._replies.get(move.key)

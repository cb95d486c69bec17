"""Reads what endpoints really send, a chunk of a stream or a whole answer: every field may be missing or odd."""

import math
from typing import Any, cast

from agent.llm import Finish, Reply, Usage
from agent.llm.provider import Price

_FINISHES = {
    "length": Finish.TRUNCATED,
    "max_tokens": Finish.TRUNCATED,
    "model_length": Finish.TRUNCATED,
    "content_filter": Finish.FILTERED,
    "safety": Finish.FILTERED,
    "refusal": Finish.FILTERED,
}


class Answer:
    """Grows with every event that is taken."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._refused = False
        self._usage: dict[str, Any] = {}
        self._model = ""
        self.begun = False
        """Whether any choice came at all."""
        self.reason = ""
        """Why the model stopped, in the provider's word; empty while nothing was said."""

    def take(self, event: object) -> None:
        """Read one event: a chunk with a ``delta``, or an answer with a ``message``."""
        table = _table(event)
        self._model = _words(table.get("model")) or self._model
        self._usage = _table(table.get("usage")) or self._usage
        choices = table.get("choices")
        if not isinstance(choices, list) or not choices:
            return
        self.begun = True
        choice = _table(cast("list[Any]", choices)[0])
        self.reason = _words(choice.get("finish_reason")) or self.reason
        self._hear(_table(choice.get("delta")) or _table(choice.get("message")))

    def reply(self, price: Price | None) -> Reply:
        """Put it together; without a word on why the model stopped the answer counts as cut off."""
        usage = self._usage
        tokens = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
        billed = _dollars(usage.get("cost"))
        if billed is None and price is not None:
            billed = price.of(*tokens)
        finish = _FINISHES.get(self.reason, Finish.DONE) if self.reason else Finish.TRUNCATED
        return Reply(
            text=_sound("".join(self._text)),
            finish=Finish.FILTERED if self._refused else finish,
            usage=Usage(*tokens, billed),
            model=self._model,
            reasoning=_sound("".join(self._reasoning)),
        )

    def _hear(self, said: dict[str, Any]) -> None:
        for part in _parts(said.get("content")):
            if _words(part.get("type")) == "thinking":
                self._reasoning += [_words(each.get("text")) for each in _parts(part.get("thinking"))]
            else:
                self._text.append(_words(part.get("text")))
        self._reasoning.append(_words(said.get("reasoning_content")) or _words(said.get("reasoning")))
        if refusal := _words(said.get("refusal")):
            self._refused = True
            self._text.append(refusal)


def _parts(content: object) -> list[dict[str, Any]]:
    """Content is a text, nothing, or a list of typed parts."""
    if isinstance(content, list):
        return [_table(part) for part in cast("list[Any]", content)]
    return [{"text": content}]


def _sound(text: str) -> str:
    """Join a character's halves that two chunks brought; replace a half alone: JSON can hold it, no file can."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _table(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _dollars(value: object) -> float | None:
    right = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
    return float(cast("float", value)) if right else None

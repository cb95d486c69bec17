"""Any provider that speaks OpenAI's protocol; ``providers.toml`` names them, ``chat`` asks them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from agent.llm import LlmError, Move, Reply
from agent.llm.chat import ChatError
from agent.llm.chat.dialect import Dialect
from agent.llm.chat.endpoint import Endpoint, endpoint
from agent.llm.provider import Provider
from prompts.library import Prompt

if TYPE_CHECKING:
    from tenacity import Retrying

    from agent.llm.chat.client import Client

_DENSEST = 6
"""Characters a token that no tokenizer reaches over a whole prompt of code and English."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may set under ``llm.options``; None leaves a parameter to the provider."""

    base_url: str = ""
    """Takes the place of the provider's."""
    max_output_tokens: int | None = 16384
    """Reasoning included."""
    temperature: float | None = None
    seed: int | None = None
    """Of the first time that a question is put; each repetition adds one."""
    reasoning_effort: str | None = None
    timeout_s: float = 600.0
    """Longest silence of the server."""
    attempts: int = 6
    """How often one question is sent at most."""
    longest_wait_s: float = 60.0
    """Longest pause between two of them, whatever the server asks for."""

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if self.attempts < 1 or self.timeout_s <= 0 or self.longest_wait_s < 0:
            raise ValueError("attempts must be at least 1, timeout_s above 0, longest_wait_s at least 0")


class OpenAiCompatible:
    """One model of one provider."""

    def __init__(
        self,
        name: str,
        provider: Provider,
        model: str,
        settings: Settings = Settings(),  # noqa: B008 (frozen)
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._name, self._provider, self._model, self._settings = name, provider, model, settings
        self._sleep = sleep
        self._dialect = Dialect()
        self._cut = ""
        price = provider.price(model)
        self.paid = price is None or not price.is_free

    @property
    def notices(self) -> list[str]:
        """Say what the endpoint refuses, and when it seems to read prompts in part only."""
        return [*self._dialect.notices, *([self._cut] if self._cut else [])]

    def check(self, task_id: str) -> None:
        """Raise LlmError without a key, a model, a usable base URL, the SDK or tenacity; nothing is sent."""
        _ = self._client

    def complete(self, prompt: Prompt, move: Move) -> Reply:
        """Ask, again where that can help; raises LlmError."""
        answer = self._retrying(self._ask, prompt, move)
        self._watch(prompt, answer.usage.input_tokens)
        return answer

    @cached_property
    def _endpoint(self) -> Endpoint:
        return endpoint(self._name, self._provider, self._model, self._settings.base_url)

    @cached_property
    def _client(self) -> "Client":
        try:
            from agent.llm.chat.client import Client  # here: the SDK is slow to import, and not everybody asks
        except ImportError as error:
            raise LlmError(
                f"--llm {self._name} needs openai and tenacity ({error}); "
                "install them: pip install 'openai>=2,<4' 'tenacity>=9'"
            ) from error
        return Client(self._endpoint, self._settings.timeout_s)

    @property
    def _retrying(self) -> "Retrying":
        from agent.llm.chat.retries import persistent  # here, as the SDK is: a GPU box judges without either

        return persistent(self._settings.attempts, self._settings.longest_wait_s, self._sleep)

    def _ask(self, prompt: Prompt, move: Move) -> Reply:
        """Ask once, or a few times in other words where the endpoint refuses a parameter."""
        while True:
            sent = self._dialect.speak(self._wanted(move))
            try:
                return self._client.ask(prompt, sent).reply(self._endpoint.price)
            except ChatError as error:
                if not self._dialect.learn(error.said, sent):
                    raise

    def _wanted(self, move: Move) -> dict[str, object]:
        settings = self._settings
        return {
            "max_completion_tokens": settings.max_output_tokens,
            "temperature": settings.temperature,
            "seed": None if settings.seed is None else settings.seed + move.repetition,
            "reasoning_effort": settings.reasoning_effort,
            "stream_options": {"include_usage": True},
        }

    def _watch(self, prompt: Prompt, read: int | None) -> None:
        characters = len(prompt.system) + len(prompt.user)
        if read and characters > _DENSEST * read:
            self._cut = (
                f"{self._endpoint.host} counted {read} tokens in a prompt of {characters} characters: it probably cut "
                "the prompt; give the server a longer context"
            )

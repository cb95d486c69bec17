"""Asks an endpoint that speaks OpenAI's protocol; the one package that needs the ``openai`` SDK, and only when used."""

from agent.llm import LlmError


class ChatError(LlmError):
    """What an endpoint gave instead of an answer."""

    def __init__(self, message: str, *, passing: bool = False, wait_s: float | None = None, said: str = "") -> None:
        super().__init__(message)
        self.passing = passing
        """Whether the same request may succeed later."""
        self.wait_s = wait_s
        """Seconds that the server asked to wait; None where it did not say."""
        self.said = said
        """All that the server said, for whoever looks for a parameter's name in it."""

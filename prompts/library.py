"""The stages that exist, and the engine that renders them."""

import hashlib
from dataclasses import dataclass


class PromptError(Exception):
    """A stage file cannot be read, or a template names what no scene has; the message gives file and line."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent."""

    system: str
    user: str

    @property
    def digest(self) -> str:
        """Names these exact words. 16 hex digits of SHA-256."""
        return hashlib.sha256(f"{self.system}\0{self.user}".encode()).hexdigest()[:16]

"""One run, as its user asked for it: checked once, journalled, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from agent.budget import Budget
from sandbox.evaluation import BaselineName
from sandbox.wire import MeasurePlan


class ConfigError(Exception):
    """A setting is unknown, or its value does not fit; one line that says which, and where it was written."""


class Place(StrEnum):
    """Where candidates are judged."""

    AUTO = "auto"
    """On the card where there is one, else emulated."""
    CUDA = "cuda"
    EMULATED = "emulated"


def _no_options() -> Mapping[str, Any]:
    return {}


def _beside_compile() -> MeasurePlan:
    # Prompts tell a model the time of torch.compile too. It is timed once a task and sitting, on a card alone.
    return MeasurePlan(baselines=(BaselineName.EAGER, BaselineName.COMPILE))


@dataclass(frozen=True, slots=True)
class Choice:
    """A plug-in by name, and its own options."""

    name: str
    options: Mapping[str, Any] = field(default_factory=_no_options)


@dataclass(frozen=True, slots=True)
class LlmChoice:
    """A backend or provider by name, a model of it, and the backend's own options."""

    name: str = "recorded"
    model: str = ""
    """Empty takes what the provider's table names."""
    options: Mapping[str, Any] = field(default_factory=_no_options)


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Everything that a run depends on besides its task."""

    gpu: str | None = None
    """Id of the card to write for; None takes the one that is there, else ``rtx4090``."""
    place: Place = Place.AUTO
    all_cards: bool = False
    """Judge on every card of the first one's kind; work goes elsewhere when one fails. Else on the first alone."""
    policy: Choice = Choice("staged")
    llm: LlmChoice = field(default_factory=LlmChoice)
    budget: Budget = field(default_factory=Budget)
    measure: MeasurePlan = field(default_factory=_beside_compile)
    prompt_tokens: int | None = None
    """Longest prompt, system and user words together; what was tried is left out first. None for no limit."""
    without: tuple[str, ...] = ()
    """Names of stages that the policy is not given."""
    templates: str | None = None
    """Folder of the user's own stages; one that has a shipped stage's name takes its place."""
    variant: str = ""
    """What these settings are called where runs are compared; empty where nobody compares them."""

    def __post_init__(self) -> None:
        """Refuse a prompt without words; raises ValueError."""
        if self.prompt_tokens is not None and self.prompt_tokens < 1:
            raise ValueError(f"prompt_tokens must be at least 1, got {self.prompt_tokens}")

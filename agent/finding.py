"""One thing that was looked at on a machine, and how well it works."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How well something works."""

    OK = "ok"
    LIMITED = "limited"
    """The main job works, with less."""
    MISSING = "missing"
    """The main job does not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: State
    text: str
    """What was found."""
    remedy: str = ""
    """What to do; empty where there is nothing to mend."""

"""What can be wrong with a task itself, so that an honest number says nothing."""

from dataclasses import dataclass
from enum import StrEnum


class Flaw(StrEnum):
    """One way in which a task asks for nothing, or for something that cannot be checked."""

    RAISES = "raises"
    """The reference cannot be read, raises, or breaks the contract."""
    TOO_LARGE = "too-large"
    """It needs more memory than the card has."""
    NOT_FINITE = "not-finite"
    """An output holds no finite number."""
    ZERO = "zero"
    CONSTANT = "constant"
    """An output is one value, whatever goes in."""
    IDENTITY = "identity"
    """An output is an input as it came."""
    INPUT_BLIND = "input-blind"
    """An answer that ignores an input is judged right."""
    WEIGHT_BLIND = "weight-blind"
    """An answer that ignores a parameter is judged right."""
    NARROW = "narrow"
    """An output spreads so little that a constant is nearly right."""
    NON_DETERMINISTIC = "non-deterministic"
    """The reference answers the same question in different ways."""
    MUTATES = "mutates"
    """The reference changes its inputs."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw that was found in one task."""

    flaw: Flaw
    words: str
    """Where, and what was seen; one line."""

"""What kind of program a correct candidate is: facts that were found by experiment and change no verdict."""

from dataclasses import dataclass
from enum import StrEnum

MOST_REMOVED, MOST_REMOVED_EMULATED = 8, 2
"""Kernels that are taken away in turn, to find decoys: a process and a call or two each; interpreted calls are slow."""


class LabelKind(StrEnum):
    """What was found."""

    LIBRARY = "library"
    """No kernel of its own runs: torch does everything."""
    LIBRARY_SHARE = "library share"
    """Part of its time on the card goes to kernels that are not its own; ``share`` says how much."""
    DECOY = "decoy"
    """Without the kernel that ``words`` names its answers stay right."""
    DETERMINISTIC = "deterministic"
    """The same inputs give the same bits again."""
    SHAPE_SPECIALISED = "shape-specialised"
    """It is right at the task's own shapes and not at neighbouring ones; ``words`` may name one."""
    WEIGHTS_FOLDED = "weights folded"
    """It keeps what it made of the weights when they were loaded, and sees no change made to them in place."""


@dataclass(frozen=True, slots=True)
class Label:
    """One finding."""

    kind: LabelKind
    share: float | None = None
    """Of the whole, from 0 to 1, where the kind has one."""
    words: str = ""
    """What the kind is about, for example a kernel's name."""

    def __post_init__(self) -> None:
        """Refuse a share that is none, or one too many or too few; raises ValueError."""
        if (self.share is not None) != (self.kind is LabelKind.LIBRARY_SHARE):
            raise ValueError(f"{self.kind} {'takes no' if self.share is not None else 'needs a'} share")
        if self.share is not None and not 0 <= self.share <= 1:
            raise ValueError(f"a share lies between 0 and 1, got {self.share}")

"""What can be mended for certain, without asking the model. A module in this folder that defines ``mend`` is a rule."""

from collections.abc import Sequence
from typing import Protocol

from prompts.program import Edit, Program


class Mend(Protocol):
    """A pure function. It changes only what cannot work as it stands, and finds nothing more in what it changed."""

    def __call__(self, program: Program) -> Sequence[Edit]:
        """Return edits that do not overlap; none where there is nothing to mend, or where that is not certain."""
        ...

"""One problem: a reference ``Model`` in PyTorch, and how close an answer must come to it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class TaskError(Exception):
    """A task or a set of tasks cannot be read, or a selection names nothing."""


class Kind(StrEnum):
    """What a reference is made of; prompts speak differently of each."""

    SINGLE = "single"
    """One operator."""
    FUSION = "fusion"
    """A chain of operators."""
    NETWORK = "network"
    """A small model."""


def _allclose() -> Mapping[str, float]:
    return {"float64": 1e-7, "float32": 1e-4, "float16": 1e-2, "bfloat16": 1e-2}


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far an output may stray from the truth, as multiples of the reference's own error against fp64."""

    tf32: bool = False
    """Whether float32 products may take TF32 operands; the eager baseline then runs with them too."""
    times_max_error: float = 3.0
    """Allowed multiple of the reference's largest error, over the larger of the row's rms and the element."""
    times_frobenius_error: float = 2.0
    """Allowed multiple of the reference's relative error in the Frobenius norm."""
    allclose: Mapping[str, float] = field(default_factory=_allclose)
    """By dtype: atol and rtol of the customary second verdict, published beside the first."""


@dataclass(frozen=True, slots=True)
class Task:
    """A reference program that a candidate must equal, only faster."""

    id: str
    """Set and name, for example ``examples/softmax``."""
    source: str
    """Python text that defines ``Model``, ``get_inputs`` and ``get_init_inputs``."""
    kind: Kind | None = None
    """None where nobody says: then its graph does."""
    tolerance: Tolerance = field(default_factory=Tolerance)
    small_sizes: Mapping[str, int] | None = None
    """The source's own size constants for a machine without a card, by name; None means derived, {} means unchanged."""
    origin: str = ""
    """Who wrote the reference, or after what."""
    flaws: Mapping[str, str] = field(default_factory=dict[str, str])
    """Flaws (``tasks.flaw.Flaw``) that are known and left as they are, each with its reason."""

    @property
    def name(self) -> str:
        """Last part of the id."""
        return self.id.rsplit("/", 1)[-1]

    @property
    def digest(self) -> str:
        """Names this exact text: a changed reference is another task. 16 hex digits of SHA-256."""
        return hashlib.sha256(self.source.encode()).hexdigest()[:16]

"""What is known of a candidate that was found right."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sandbox.evaluation import Errors
from sandbox.grade import Grade, Range
from sandbox.labels import Label, LabelKind
from sandbox.truth import worst


@dataclass(slots=True)
class Examined:
    """Grows from step to step; whole once all steps are taken."""

    setup_ms: float
    """Import, build and first call."""
    matching: tuple[str, ...]
    """How its weights were matched."""
    own_errors: list[Errors] = field(default_factory=list[Errors])
    """On the task's own inputs."""
    other_errors: list[Errors] = field(default_factory=list[Errors])
    grade: Grade | None = None
    """Known from the normal set on; None where that says nothing."""
    range: Range = field(default_factory=Range)
    """Scales of normal inputs at which it was right."""
    out_of_range: list[str] = field(default_factory=list[str])
    """Scales at which a precision below fp32 was forgiven a wrong answer, in words."""
    deterministic: bool | None = None
    """Whether the same set gave the same bits again; None where it was not asked."""
    silent: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Why sets were left out, and which."""

    @property
    def worst(self) -> Errors:
        """Over all sets and outputs; the customary verdict on the task's own inputs alone, for which it is meant."""
        return replace(worst([*self.own_errors, *self.other_errors]), allclose=self.worst_own.allclose)

    @property
    def worst_own(self) -> Errors:
        """Over the task's own inputs."""
        return worst(self.own_errors)

    @property
    def labels(self) -> tuple[Label, ...]:
        """What kind of program it is."""
        return (Label(LabelKind.DETERMINISTIC),) if self.deterministic else ()

    @property
    def notes(self) -> tuple[str, ...]:
        """All of it in words."""
        found = list(self.matching)
        if self.grade:
            found.append(f"precision {self.grade}, right from scale {self.range}")
        found += [f"out of range {where}" for where in self.out_of_range]
        if self.deterministic is False:
            found.append("other bits when called again on the same inputs")
        found += [f"not judged {', '.join(places)}: {reason}" for reason, places in self.silent.items()]
        return tuple(found)


def matching_words(counts: Sequence[int]) -> tuple[str, ...]:
    """Say how weights were matched, from ``Matching.counts``; nothing where all matched by name."""
    by_name, by_shape, left, unused = counts
    said = (
        (by_shape, f"{by_shape} weights matched by shape and order, {by_name} by name"),
        (left, f"{left} buffers of its own, left as built"),
        (unused, f"{unused} weights of the reference unused"),
    )
    return tuple(words for number, words in said if number)

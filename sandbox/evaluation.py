"""What the sandbox says of one candidate. A kernel that fails is a value; only a broken machine raises."""

import hashlib
import statistics
from dataclasses import dataclass
from enum import StrEnum

from sandbox.labels import Label
from sandbox.phases import Phases


class SandboxError(Exception):
    """The machine is at fault, not the candidate: no GPU, no child process, no memory."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Python text that defines ``ModelNew``."""

    source: str

    @property
    def digest(self) -> str:
        """Names this exact text. 16 hex digits of SHA-256."""
        return hashlib.sha256(self.source.encode()).hexdigest()[:16]


class Verdict(StrEnum):
    """How far a candidate got."""

    UNREADABLE = "unreadable"
    """The reply held no code, or no plan where one was asked for."""
    PLANNED = "planned"
    """The reply is a plan, as it was asked for: there is no candidate, and nothing was judged."""
    REJECTED = "rejected"
    """The source breaks a rule, for example it defines no ``ModelNew``, or a kernel could not launch on the target."""
    BROKEN = "broken"
    """It does not import, build or compile."""
    CRASHED = "crashed"
    """Its process died or its call raised."""
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    WRONG = "wrong"
    """It ran, and its output is not the reference's."""
    CHEATED = "cheated"
    """It was caught, for example changing its inputs or writing after it said that it was done."""
    IMPLAUSIBLE = "implausible"
    """Faster than the hardware can be."""
    UNJUDGED = "unjudged"
    """This place cannot run it; says nothing about the candidate."""
    CORRECT = "correct"


class Source(StrEnum):
    """Where a time comes from."""

    MEASURED = "measured"
    """The judge's clock, on the card."""
    MODELLED = "modelled"
    """A roofline; never mixed with measured numbers."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Times of one program, in milliseconds, cold caches."""

    samples_ms: tuple[float, ...]
    """One a run, as the judge's clock saw it, ``overhead_ms`` already subtracted; a modelled time is one sample."""
    source: Source
    overhead_ms: float = 0.0
    """What the protocol itself costs a run (an emptied cache, context switch, copies of the outputs, the look)."""
    sm_clock_mhz: float | None = None
    """Median SM clock while sampling, where it can be read."""
    burst: int = 1
    """Calls a sample was the mean of: short programs are timed several calls at once."""

    def __post_init__(self) -> None:
        """Refuse a time without samples, or one that is not positive; raises ValueError."""
        if not self.samples_ms or min(self.samples_ms) <= 0:
            raise ValueError(f"a timing needs positive samples, got {self.samples_ms[:3]}")

    @property
    def median_ms(self) -> float:
        """The number that is compared."""
        return statistics.median(self.samples_ms)

    def percentile_ms(self, percent: int) -> float:
        """Nearest-rank percentile, ``percent`` in 1..99."""
        ordered = sorted(self.samples_ms)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


@dataclass(frozen=True, slots=True)
class Errors:
    """Worst error over all checked sets against fp64, and what was allowed; all relative (ARCHITECTURE.md)."""

    max_error: float
    """Largest absolute error, over the larger of the row's rms and the element's own size."""
    max_allowed: float
    frobenius_error: float
    """Frobenius norm of the error over that of the truth."""
    frobenius_allowed: float
    allclose: bool
    """The customary verdict (atol = rtol by dtype) on the same data, published beside ours."""
    own_max_error: float | None = None
    """The reference's own ``max_error`` against fp64, where ours was nearest to what is allowed."""
    own_frobenius_error: float | None = None
    """The reference's own ``frobenius_error``, likewise."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Where an evaluation was made."""

    place: str
    """``cuda`` or ``emulated``."""
    gpu: str
    """The card judged for: the detected one's name, or the target's id when emulated."""
    versions: str
    """For example ``torch 2.13.0, triton 3.9.0, python 3.11.7``."""
    unprotected: tuple[str, ...] = ()
    """What the candidate was not kept from on this machine, for example ``network``."""


class BaselineName(StrEnum):
    """A way of running the task's own ``Model``."""

    EAGER = "eager"
    """As it stands."""
    COMPILE = "compile"
    """Under ``torch.compile``, as it comes."""
    MAX_AUTOTUNE = "compile-max-autotune"
    """Under ``torch.compile`` with ``mode="max-autotune"``."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The reference, run another way than eagerly, by the same protocol in the same sitting."""

    name: BaselineName
    timing: Timing


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The sandbox's answer. Timed if, and only if, correct."""

    verdict: Verdict
    message: str = ""
    """A reason that helps the next attempt: the tail of the log, or the worst mismatch and its index."""
    errors: Errors | None = None
    """Present when outputs were compared."""
    timing: Timing | None = None
    eager: Timing | None = None
    """The reference, run eagerly, by the same clock or the same model."""
    setup_ms: float | None = None
    """Import, build and first call."""
    notes: tuple[str, ...] = ()
    """Labels, for example how weights were matched."""
    environment: Environment | None = None
    baselines: tuple[Baseline, ...] = ()
    """Beside ``eager``, those that were asked for and could be timed."""
    floor_ms: float | None = None
    """Least time to move inputs, weights and outputs, at the rate that this card's memory reached; None if modelled."""
    labels: tuple[Label, ...] = ()
    """Of a correct candidate; what was not looked for, or not found out, is not here."""
    phases: Phases | None = None

    def __post_init__(self) -> None:
        """Make an untimed success, a timed failure, or a ratio of unlike times impossible; raises ValueError."""
        timed = self.timing is not None and self.eager is not None
        if timed != (self.verdict is Verdict.CORRECT):
            raise ValueError(f"{self.verdict} cannot be {'timed' if timed else 'untimed'}")
        if self.timing and self.eager and self.timing.source is not self.eager.source:
            raise ValueError(f"{self.timing.source} over {self.eager.source}")
        self._check_companions()

    def _check_companions(self) -> None:
        found = {"baselines": self.baselines, "a floor": self.floor_ms, "labels": self.labels}
        if self.timing is None and (held := [name for name, each in found.items() if each]):
            raise ValueError(f"{self.verdict} cannot have {held[0]}")
        names = [each.name for each in self.baselines]
        if BaselineName.EAGER in names or len(set(names)) != len(names):
            raise ValueError(f"baselines beside eager, each once, got {', '.join(names)}")
        if any(self.timing and each.timing.source is not self.timing.source for each in self.baselines):
            raise ValueError("baselines and candidate are timed alike, or not at all")
        modelled = self.timing is not None and self.timing.source is Source.MODELLED
        if self.floor_ms is not None and (self.floor_ms <= 0 or modelled):
            raise ValueError(f"a floor is positive and measured, got {self.floor_ms}")

    @property
    def correct(self) -> bool:
        """Whether the verdict is CORRECT."""
        return self.verdict is Verdict.CORRECT

    @property
    def speedup(self) -> float | None:
        """Eager median over candidate median; None for what is not correct."""
        return self.eager.median_ms / self.timing.median_ms if self.timing and self.eager else None

    def speedup_over(self, baseline: Baseline) -> float | None:
        """Median of one of ``baselines`` over candidate median; None for what is not correct."""
        return baseline.timing.median_ms / self.timing.median_ms if self.timing else None

    @property
    def share_of_floor(self) -> float | None:
        """How near the candidate comes to the floor: 1 is as fast as the memory was seen to be; None without one."""
        return self.floor_ms / self.timing.median_ms if self.floor_ms and self.timing else None

"""Counters of a candidate's kernels, and rules over them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sandbox.counters import Counter

REST = "all other kernels"
"""Stands where a kernel's name would, for what a candidate launches beside its own: library calls, copies."""


class CounterSource(StrEnum):
    """Who read the counters."""

    NCU = "ncu"
    """Nsight Compute, on the card."""
    COMPILER = "compiler"
    """Triton's compiler output for the target and a model; no card was asked."""


@dataclass(frozen=True, slots=True)
class NcuMetrics:
    """Kernel name → counter → value, under Nsight Compute's counter names."""

    kernels: Mapping[str, Mapping[str, float]]
    """Of several launches of one kernel, and of all kernels under ``REST``, times and other sums (``.sum``) are added,
    what describes a launch (``launch__``) is the longest one's, and anything else is weighed by time."""
    source: CounterSource
    missing: tuple[str, ...] = ()
    """Counters that were asked for and are not available here."""
    reason: str = ""
    """Why the card was not asked, where there is one."""

    @property
    def slowest(self) -> Mapping[str, float]:
        """Counters of the own kernel with the longest time, the first where none has one; ``REST`` where none is."""
        own = [counters for name, counters in self.kernels.items() if name != REST]
        return max(own or self.kernels.values(), key=lambda c: c.get(Counter.DURATION, 0.0), default={})


@dataclass(frozen=True, slots=True)
class Rule:
    """A bound on one counter, for example ``warps active is at least 60``."""

    metric: str
    at_least: float | None = None
    at_most: float | None = None

    def holds(self, metrics: NcuMetrics) -> bool:
        """Say whether the slowest kernel meets the bound; a counter that is missing meets none."""
        value = metrics.slowest.get(self.metric)
        if value is None:
            return False
        above = self.at_least is None or value >= self.at_least
        below = self.at_most is None or value <= self.at_most
        return above and below

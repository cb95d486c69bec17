"""One kernel is launched many times: what its counters are together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sandbox.counters import Counter, Joining, joining
from sandbox.metrics import REST
from sandbox.profilers.own_kernels import owner


@dataclass(frozen=True, slots=True)
class Launch:
    """One row of the profiler's table."""

    kernel: str
    """As the profiler prints it."""
    counters: Mapping[str, float]

    @property
    def ns(self) -> float:
        """Its time on the card; 1 where it was not read, so that launches then count alike."""
        return self.counters.get(Counter.DURATION, 1.0)


def by_kernel(launches: Iterable[Launch], own: set[str]) -> dict[str, dict[str, float]]:
    """Give the joined counters of each of the ``own`` kernels by its name, and of all others under ``REST``."""
    groups: dict[str, list[Launch]] = {}
    others: list[Launch] = []
    for each in launches:
        name = owner(each.kernel, own)
        (groups.setdefault(name, []) if name else others).append(each)
    found = {name: joined(group) for name, group in groups.items()}
    return {**found, REST: joined(others)} if others else found


def joined(launches: Sequence[Launch]) -> dict[str, float]:
    """Join the counters of several launches: sums are added, rates weighed by time, the longest launch's shape kept.

    A counter that some launches lack is joined over the others.
    """
    longest_first = sorted(launches, key=lambda each: -each.ns)
    names = dict.fromkeys(name for each in longest_first for name in each.counters)
    return {name: _joined(name, [each for each in longest_first if name in each.counters]) for name in names}


def _joined(name: str, launches: Sequence[Launch]) -> float:
    match joining(name):
        case Joining.SUM:
            return sum(each.counters[name] for each in launches)
        case Joining.LONGEST:
            return launches[0].counters[name]
        case Joining.MEAN:
            total = sum(each.ns for each in launches)
            weights = [each.ns / total if total else 1 / len(launches) for each in launches]
            return sum(weight * each.counters[name] for weight, each in zip(weights, launches, strict=True))

"""What is computed from measured numbers, without a card: rates, ratios, spreads, limits, and a table."""

import statistics
from collections.abc import Mapping, Sequence

STRICT_FROM_MS = 1.0
"""From here on a time's limits are the strict ones."""


def per_hour(count: int, seconds: float) -> float:
    """Candidates an hour; raises ValueError without time."""
    if seconds <= 0:
        raise ValueError(f"{count} candidates in {seconds} s")
    return count * 3600 / seconds


def spread(values: Sequence[float]) -> float:
    """Largest less smallest over the median: what ten repeats of one measurement differ by."""
    return (max(values) - min(values)) / statistics.median(values)


def deviation(measured: float, expected: float) -> float:
    """Relative difference, with its sign."""
    return measured / expected - 1


def limit(nominal_ms: float, strict: float, loose: float) -> float:
    """``strict`` from a millisecond on, ``loose`` below."""
    return strict if nominal_ms >= STRICT_FROM_MS else loose


def held(value: float, bound: float) -> str:
    """Say in a word whether a size is within its bound; a miss is loud."""
    return "holds" if abs(value) <= bound else "MISSED"


def added(many: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Add up tables of seconds by name, in the order in which the names first come."""
    total: dict[str, float] = {}
    for each in many:
        for name, seconds in each.items():
            total[name] = total.get(name, 0.0) + seconds
    return total


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Set columns out with two spaces between; the first to the left, all others to the right."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )

"""Smaller sizes for a reference that nobody wrote any for, so that it can be judged on a machine without a card."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from tasks.resize import constants, resized

BLOCK = 16
"""A size keeps what it leaves in blocks of so many: a masked tail at full size is one at the small size too."""

_WORTH = 0.02
"""Share of the work that a step saves at least: halving what hardly counts (a number of groups, say) is left be."""

_LONG = 64
"""A reduction of up to so many is short: several blocks of 16 and 32 still loop over it, and it waits for its turn."""

_BATCH = "batch"
"""Independent samples, by the name that references give their number: two of them show as much as many."""

_SHAPING = 8
"""Sizes below this (a kernel's width, a stride, a number of layers) shape the program; they stay as they are."""


class Cost(NamedTuple):
    """What one run of a reference takes."""

    work: float
    """In the unit of the budget."""
    outputs: int
    """Elements that it gives."""


CostOf = Callable[[str], tuple[float, int] | None]
"""Work and output elements of one run of a text; None when it fails."""


@dataclass(frozen=True, slots=True)
class _Step:
    """Changed sizes, and what the reference costs with them."""

    sizes: Mapping[str, int]
    cost: Cost


def derived_sizes(source: str, cost: CostOf, budget: float) -> dict[str, int]:
    """Give smaller values for some of ``constants(source)``, so that the work of a run falls to ``budget``.

    Sizes above 64 that only reductions run over go first (the work falls, the output stays), then the largest, and
    among sizes up to 64 those that are named a batch. Each about halves at a time, to at least 16 and to the same
    remainder mod 16. Where no such step helps any more, the sizes go below 16 too: a multiple of 16 is none any more
    then, while a size with a tail keeps one. A step that would break the program or save next to nothing is not made,
    and sizes below 8 stay. Empty when the reference fits, or does not run; what cannot be brought down to the budget
    comes as near as it goes.
    """
    cost = cache(cost)
    now = _tried(source, {}, cost)
    for lower in (_same_tail, _below_block):
        while now and now.cost.work > budget:
            step = _next(source, now, cost, lower)
            if not step:
                break
            now = step
    return dict(now.sizes) if now else {}


def _next(source: str, now: _Step, cost: CostOf, lower: Callable[[int], Iterator[int]]) -> _Step | None:
    sizes = {**constants(source), **now.sizes}
    largest: _Step | None = None
    for name in sorted(sizes, key=lambda each: (sizes[each] > _LONG, _BATCH in each, sizes[each]), reverse=True):
        value = sizes[name]
        if largest and value <= _LONG:
            break
        ways = [*lower(value), *(_below_block(value) if _BATCH in name else ())]
        equals = [each for each in sizes if sizes[each] == value]  # the same size may be written twice
        step = _first(source, now, [name], ways, cost) or _first(source, now, equals, ways, cost)
        if step and step.cost.work <= now.cost.work * (1 - _WORTH):
            if step.cost.outputs == now.cost.outputs:
                return step
            largest = largest or step
    return largest


def _first(source: str, now: _Step, names: list[str], values: Iterable[int], cost: CostOf) -> _Step | None:
    """Set all the names to the first of the values with which the program still runs."""
    steps = (_tried(source, {**now.sizes, **dict.fromkeys(names, value)}, cost) for value in values)
    return next((step for step in steps if step), None)


def _tried(source: str, sizes: Mapping[str, int], cost: CostOf) -> _Step | None:
    found = cost(resized(source, sizes))
    return _Step(sizes, Cost(*found)) if found else None


def _same_tail(value: int) -> Iterator[int]:
    blocks, tail = divmod(value, BLOCK)
    yield from (size for size in _around(blocks // 2 * BLOCK + tail, BLOCK) if BLOCK <= size < value)


def _below_block(value: int) -> Iterator[int]:
    tail = value % BLOCK
    if _SHAPING <= tail < value:
        yield tail
    for size in _around(value // 2, 1):
        if value >= _SHAPING and size % 2 == value % 2 and (size % BLOCK or not tail):
            yield size


def _around(value: int, step: int) -> tuple[int, int, int]:
    return value, value + step, value - step

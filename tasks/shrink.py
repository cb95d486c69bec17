"""Smaller sizes for a reference that nobody wrote any for, so that it can be judged on a machine without a card."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from tasks.resize import constants, resized

BLOCK = 16
"""A size keeps what it leaves in blocks of so many: a masked tail at full size is one at the small size too."""

_WORTH = 0.02
"""Share of the work that a step saves at least: halving what hardly counts (a number of groups, say) is left be."""

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

    Sizes that only reductions run over go first (the work falls, the output stays), then the others, the largest first;
    each about halves at a time, to a size of the same remainder mod 16. Where no such step helps any more, sizes go
    below 16 too: a multiple of 16 is none any more then, while a size with a tail keeps one. A step that would break
    the program or save next to nothing is not made, and sizes below 8 stay. Empty when the reference fits, or does not
    run; what cannot be brought down to the budget comes as near as it goes.
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
    steps: list[tuple[bool, int, _Step]] = []
    for name, value in sizes.items():
        equals = [each for each in sizes if sizes[each] == value]  # the same size may be written twice
        step = _first(source, now, [name], lower(value), cost) or _first(source, now, equals, lower(value), cost)
        if step and step.cost.work <= now.cost.work * (1 - _WORTH):
            steps.append((step.cost.outputs == now.cost.outputs, value, step))
    return max(steps, key=lambda each: each[:2])[2] if steps else None


def _first(source: str, now: _Step, names: list[str], values: Iterator[int], cost: CostOf) -> _Step | None:
    """Set all the names to the first of the values with which the program still runs."""
    steps = (_tried(source, {**now.sizes, **dict.fromkeys(names, value)}, cost) for value in values)
    return next((step for step in steps if step), None)


def _tried(source: str, sizes: Mapping[str, int], cost: CostOf) -> _Step | None:
    found = cost(resized(source, sizes))
    return _Step(sizes, Cost(*found)) if found else None


def _same_tail(value: int) -> Iterator[int]:
    blocks, tail = divmod(value, BLOCK)
    near = (tail + BLOCK * (blocks // 2 + off) for off in (0, 1, -1))
    yield from (size for size in near if 2 <= size < value)


def _below_block(value: int) -> Iterator[int]:
    for size in (value // 2, value // 2 + 1, value // 2 - 1):
        lost_tail = value % BLOCK and not size % BLOCK
        if value >= _SHAPING and size % 2 == value % 2 and not lost_tail:
            yield size

"""What kind of task a reference is, as its traced operators show: prompts speak otherwise of each."""

from functools import lru_cache

from sandbox.operators import trace
from tasks.program import load
from tasks.task import Kind, Task, TaskError

PRODUCTS = 3
"""A reference of so many matrix products or convolutions is a small network."""
_AUXILIARY = frozenset(
    f"aten.{name}"
    for name in (
        *("clone", "copy_", "_to_copy", "contiguous"),
        *("ones", "zeros", "full", "arange", "eye", "scalar_tensor", "fill_", "zero_"),
        *("ones_like", "zeros_like", "full_like", "new_zeros", "new_ones", "new_full"),
    )
)
"""Copies and constants: no program is written for their sake."""


def kind_of(task: Task) -> Kind:
    """Give the kind that the task names, else what its graph says; a chain where it cannot be traced without values."""
    return task.kind or _found(task.source, task.id)


@lru_cache(maxsize=64)
def _found(source: str, name: str) -> Kind:
    try:
        operators = [each for each in trace(load(source, name)) if each.name not in _AUXILIARY]
    except TaskError:
        return Kind.FUSION
    if sum(each.tensor_core for each in operators) >= PRODUCTS:
        return Kind.NETWORK
    return Kind.FUSION if len(operators) > 1 else Kind.SINGLE

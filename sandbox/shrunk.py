"""The reference at a size that an interpreter on the host can run."""

from sandbox.operators import trace
from tasks.program import load
from tasks.resize import resized
from tasks.shrink import derived_sizes
from tasks.task import Task, TaskError

BUDGET = 4e6
"""Operations, and four for each byte moved, that an interpreted run may take; about a second for a plain kernel."""


def small_source(task: Task) -> str:
    """Give the task's text at its small sizes, or at derived ones where it names none; raises TaskError."""
    sizes = derived_sizes(task.source, _cost, BUDGET) if task.small_sizes is None else task.small_sizes
    return resized(task.source, sizes)


def _cost(source: str) -> tuple[float, int] | None:
    try:
        operators = trace(load(source, "reference"))
    except TaskError:
        return None
    work = sum(each.flops + 4 * (each.bytes_read + each.bytes_written) for each in operators)
    return work, int(operators[-1].bytes_written) if operators else 0

"""Which references can be judged at all: the others are refused in one line before any candidate is looked at."""

from sandbox.boxed import MOST_SHARED
from sandbox.devices import memory_bytes
from sandbox.footprint import footprint
from sandbox.purity import impurity
from sandbox.reference import Reference
from tasks.program import Program, load
from tasks.task import Task, TaskError

_HELD_AT_ONCE = 8
"""Tensors of an operator's size that judging it in double precision may hold at once."""
_UNJUDGED_TYPES = ("float8", "complex32")
"""Types for which torch can neither draw normal numbers nor compare."""


def admitted(task: Task, source: str, device: str) -> Reference:
    """Build a reference from the task's text at this place's sizes; raises TaskError for one that cannot be judged."""
    if device == "cpu":
        _refuse_what_this_machine_cannot_hold(load(source, task.id))
    try:
        reference = Reference(task, source, device)
    except TypeError as error:
        raise TaskError(f"{task.id}: its inputs or outputs cannot be handed on: {error}") from error
    slots = {
        "input": reference.inputs,
        "weight": [slot for _, _, slot in reference.weights],
        "output": reference.outputs,
    }
    for what, each in ((what, slot) for what, group in slots.items() for slot in group):
        if each.dtype.startswith(_UNJUDGED_TYPES):
            raise TaskError(f"{task.id}: an {what} of type {each.dtype}, which is not judged here; a wider one is")
    if reason := impurity(reference):
        raise TaskError(f"{task.id}: {reason}")
    return reference


def _refuse_what_this_machine_cannot_hold(program: Program) -> None:
    """What cannot be measured without values is not refused for its size."""
    held = footprint(program)
    if held and (held.known > MOST_SHARED or _HELD_AT_ONCE * held.peak > memory_bytes()):
        raise TaskError(
            f"{program.name}: what get_inputs gives, weights and outputs take {held.known / 2**30:.1f} GiB, "
            f"one operator {held.peak / 2**30:.1f} GiB; too much without a card: "
            "name `small` sizes in set.toml, or take a card"
        )

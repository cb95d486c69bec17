"""What a task holds at full size, from shapes alone: tensors on the meta device take no memory."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass

import torch

from sandbox.child.layout import outputs_of, take_apart
from sandbox.child.traced import OperatorTrace
from sandbox.reference import Reference
from tasks import program as programs
from tasks.program import Program
from tasks.task import TaskError


@dataclass(frozen=True, slots=True)
class Footprint:
    """All in bytes."""

    inputs: int
    weights: int
    outputs: int | None
    """None where ``forward`` looks at values, of which meta tensors have none."""
    peak: int = 0
    """Operands and results of the largest operator that eager torch runs, as far as it was followed."""

    @property
    def known(self) -> int:
        """Inputs, weights and, where they are known, outputs."""
        return self.inputs + self.weights + (self.outputs or 0)


def footprint(program: Program) -> Footprint | None:
    """Measure a reference; None where not even its inputs and weights can be made without values.

    Whatever raises here for a reason of its own raises again where it runs on values.
    """
    with torch.device("meta"), torch.no_grad():
        try:
            model, given = programs.build(program), programs.inputs(program)
            held = _bytes(take_apart(given)[1]), _bytes(model.state_dict().values())
        except (TaskError, TypeError):
            return None
        outputs: int | None = None
        # Whatever forward raises without values says nothing about it.
        with OperatorTrace() as traced, contextlib.suppress(Exception):
            outputs = _bytes(outputs_of(model(*given)))
    peak = max((each.bytes_read + each.bytes_written for each in traced.operators), default=0.0)
    return Footprint(*held, outputs, int(peak))


def footprint_of(reference: Reference) -> Footprint:
    """Read it off a reference that has run."""
    weights = [slot for _, _, slot in reference.weights]
    inputs, held, outputs = (
        sum(each.bytes for each in slots) for slots in (reference.inputs, weights, reference.outputs)
    )
    return Footprint(inputs, held, outputs)


def _bytes(values: Iterable[object]) -> int:
    return sum(each.nbytes for each in values if isinstance(each, torch.Tensor))

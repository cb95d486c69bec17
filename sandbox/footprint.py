"""What any program for a task must read and write at full size, from shapes alone."""

from dataclasses import dataclass

import torch

from sandbox.child.layout import Slot, outputs_of, placed, take_apart
from tasks import program as programs
from tasks.program import Program


@dataclass(frozen=True, slots=True)
class Footprint:
    """A task's tensors, with nothing in them."""

    inputs: tuple[Slot, ...]
    weights: tuple[tuple[str, bool, Slot], ...]
    """Name, whether it is a parameter, shape and type; as ``Reference.weights``."""
    outputs: tuple[Slot, ...]


def footprint(program: Program) -> Footprint | None:
    """Run the reference on meta tensors; None where it looks at values, of which these have none."""
    with torch.device("meta"), torch.no_grad():
        given = programs.inputs(program)
        model = programs.build(program)
        inputs, _ = placed(take_apart(given)[1], 0)
        try:
            outputs, _ = placed(outputs_of(model(*given)), 0)
        except Exception:  # noqa: BLE001  what it raises without values says nothing; with values it has run
            return None
    state = {name: each for name, each in model.state_dict().items() if isinstance(each, torch.Tensor)}
    slots, _ = placed(state.values(), 0)
    parameters = {name for name, _ in model.named_parameters(remove_duplicate=False)}
    weights = tuple((name, name in parameters, slot) for name, slot in zip(state, slots, strict=True))
    return Footprint(inputs, weights, outputs)

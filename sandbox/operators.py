"""Says what the reference costs as eager torch runs it: operator after operator, bytes and operations."""

import torch

from sandbox.child.records import Operator
from sandbox.child.traced import OperatorTrace
from tasks import program as programs
from tasks.program import Program
from tasks.task import TaskError


def trace(program: Program, *, device: str = "meta") -> list[Operator]:
    """Run the reference's ``forward`` once and list its operators, in order; views and allocations are none.

    On ``meta`` nothing is computed and no memory used. Raises TaskError where the reference raises.
    """
    with torch.device(device), torch.no_grad():
        model = programs.build(program)
        inputs = programs.inputs(program)
        with OperatorTrace() as traced:
            try:
                model(*inputs)
            except Exception as error:  # whatever the reference's forward raises is the task's fault
                raise TaskError(f"{program.name}: forward raises {type(error).__name__}: {error}") from error
    return traced.operators

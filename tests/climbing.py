"""Lets a candidate climb the ladder without a card, past the model of its time."""

import atexit
import functools

from sandbox.devices import choose
from sandbox.examine import examine
from sandbox.guest import Guest
from sandbox.health import NoCard
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.spares import Nursery
from sandbox.wire import MeasurePlan
from tasks.task import Task, Tolerance

PLACE = choose("rtx4090", "emulated")
PLAN = MeasurePlan(build_timeout_s=120, run_timeout_s=60)


def text(forward, inputs, parameters="", name="Model", before=""):
    """A module whose ``forward(self, x)`` or ``forward(self, a, b)`` returns an expression."""
    arguments = "a, b" if inputs.count("torch.rand") > 1 else "x"
    return (
        f"import torch\nfrom torch import nn\nF = nn.functional\n{before}\n\nclass {name}(nn.Module):\n"
        f"    def __init__(self):\n        super().__init__()\n        {parameters or 'pass'}\n"
        f"    def forward(self, {arguments}):\n        return {forward}\n\n"
        f"def get_inputs():\n    return [{inputs}]\n\ndef get_init_inputs():\n    return []\n"
    )


def reference_of(source, *, tf32=False):
    return Reference(Task("tests/climbed", source, tolerance=Tolerance(tf32=tf32)), source, "cpu")


@functools.cache
def nursery():
    """One for all tests of a process; it dies with it."""
    made = Nursery(PLACE, 1, NoCard().settled)
    atexit.register(made.close)
    return made


def climb(reference, candidate, plan=PLAN, bank=None):
    """What was found of a candidate's text: Examined, or the Ruling that ended it."""
    guest = Guest(candidate, reference, nursery())
    try:
        return examine(guest, plan, bank)
    except Ruling as ruling:
        return ruling
    finally:
        guest.close()

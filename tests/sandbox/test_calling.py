"""What lies in the shared memory before a release, and at it."""

import pytest
import torch

from sandbox.calling import calls
from sandbox.child.arena import Arena, sealed
from sandbox.exchange import Exchange, Snapshot, room
from sandbox.reference import Reference
from tasks.task import Task

SETS = 2
SOURCE = """
import torch
class Model(torch.nn.Module):
    def forward(self, x, y): return x + y.sum(-1, keepdim=True)
def get_inputs(): return [torch.rand(64, 32), torch.rand(64, 8)]
def get_init_inputs(): return []
"""


class Played:
    """A guest whose work is done here: with the inputs of the release, or with what it saw before the clock began."""

    def __init__(self, *, early=False):
        self.reference = Reference(Task("tests/sum", SOURCE), SOURCE, "cpu")
        self.on_card, self.fills, self._early = False, (), early
        self.exchange = Exchange(self.reference, Arena(sealed(room(self.reference, SETS))), SETS)

        self.happened = []

    def rouse(self, timeout_s):
        self.happened.append("awake")

    def look(self):
        shared = Snapshot(self.exchange.live_inputs(SETS), self.reference.inputs_start)
        self.seen = [shared.tensors(slot).clone() for slot in self.reference.inputs]

    def release(self, command, timeout_s, ends=None, *, calls):
        self.happened.append(calls)
        if not ends:
            self.rehearsed_on = self.exchange.live_inputs(SETS).clone()
            return 1
        if self._early:
            self.look()
        ends.first()
        if not self._early:
            self.look()
        (slot,) = self.reference.outputs
        live = Snapshot(self.exchange.live_outputs(SETS), self.reference.outputs_start).tensors(slot)
        for index, tensors in enumerate(zip(*self.seen, strict=True)):
            live[index].copy_(self.reference.eager(tensors)[0])
        ends.last()
        return 1


@pytest.mark.parametrize("early", [False, True])
def test_who_answers_at_the_release_is_right_and_who_began_before_is_not(early):
    guest = Played(early=early)
    drawn = guest.reference.draw_sets(SETS + 1)
    made = calls(guest, drawn, 1.0, lambda: None)
    (slot,) = guest.reference.outputs
    for tensors, answer in zip(drawn, made.answers.tensors(slot), strict=False):
        assert torch.equal(answer, guest.reference.eager(tensors)[0]) is not early
    assert made.handover_ms == 0, "no card was asked"
    assert guest.happened == ["awake", SETS]


def test_it_is_rehearsed_on_what_lay_there_before():
    guest = Played()
    before = guest.exchange.live_inputs(SETS).clone()
    calls(guest, guest.reference.draw_sets(SETS + 1), 1.0, lambda: None, rehearsals=1)
    assert guest.happened == ["awake", 1, SETS]
    assert torch.equal(guest.rehearsed_on, before)

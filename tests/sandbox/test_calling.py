"""What lies in the shared memory before a release, at it, and after it; and in which order it comes there."""

import pytest
import torch
from told_cold import ToldCold

from sandbox import run_clock
from sandbox.calling import call, calls
from sandbox.child.arena import Arena, sealed
from sandbox.cold import COVER_MS, SPACER_MS
from sandbox.evaluation import Verdict
from sandbox.exchange import Exchange, Snapshot, room
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from tasks.task import Task

SETS = 2
SOURCE = """
import torch
class Model(torch.nn.Module):
    def forward(self, x, y): return x + y.sum(-1, keepdim=True)
def get_inputs(): return [torch.rand(64, 32), torch.rand(64, 8)]
def get_init_inputs(): return []
"""


class Told(Exchange):
    """Writes down what is laid out and put."""

    def __init__(self, happened, *rest):
        super().__init__(*rest)
        self._happened = happened

    def packed(self, sets):
        self._happened.append(f"{len(sets)} laid out")
        return super().packed(sets)

    def poison(self):
        self._happened.append("poisoned")
        return super().poison()

    def put(self, packed):
        self._happened.append("put")
        super().put(packed)


class Played:
    """A guest whose work is done here; what it does ``after`` its answer is told."""

    def __init__(self, *, early=False, lazy=False, after=lambda guest: None):
        self.reference = Reference(Task("tests/sum", SOURCE), SOURCE, "cpu")
        self.on_card, self.fills, self._early, self._lazy, self._after = False, (), early, lazy, after
        self.happened = []
        arena = Arena(sealed(room(self.reference, SETS)))
        self.exchange = Told(self.happened, self.reference, arena, SETS)

    def stop(self):
        self.happened.append("stopped")

    def rouse(self, timeout_s):
        self.happened.append("awake")

    def look(self):
        shared = Snapshot(self.exchange.live_inputs(SETS), self.reference.inputs_start)
        self.seen = [shared.tensors(slot).clone() for slot in self.reference.inputs]

    def answer(self, calls):
        (slot,) = self.reference.outputs
        live = Snapshot(self.exchange.live_outputs(SETS), self.reference.outputs_start).tensors(slot)
        for index, tensors in enumerate(list(zip(*self.seen, strict=True))[:calls]):
            live[index].copy_(self.reference.eager(tensors)[0])

    def release(self, command, timeout_s, around=None, *, calls):
        self.happened.append(f"released for {calls}")
        if not around:
            self.look()
            self.rehearsed_on = self.seen
            self.answer(calls)
            return 1
        if self._early:
            self.look()
        around.before()
        if not self._early:
            self.look()
        around.meanwhile()
        if not self._lazy:
            self.answer(calls)
        around.after()
        self._after(self)
        return 2_000_000


def called(guest, rehearsals=0):
    drawn = guest.reference.draw_sets(SETS + 1)
    return drawn, calls(guest, drawn, 1.0, ToldCold(guest.happened), rehearsals)


@pytest.mark.parametrize("early", [False, True])
def test_who_answers_at_the_release_is_right_and_who_began_before_is_not(early):
    guest = Played(early=early)
    drawn, made = called(guest)
    (slot,) = guest.reference.outputs
    for tensors, answer in zip(drawn, made.answers.tensors(slot), strict=False):
        assert torch.equal(answer, guest.reference.eager(tensors)[0]) is not early
    assert made.ms > 0
    assert made.handover_ms == 0, "no card was asked"


def test_all_that_can_be_is_laid_out_before_it_wakes_and_the_inputs_come_after_its_rehearsal():
    guest = Played()
    before = Snapshot(guest.exchange.live_inputs(SETS).clone(), guest.reference.inputs_start)
    called(guest, rehearsals=SETS)
    assert guest.happened == [
        *("1 laid out", f"{SETS} laid out"),
        *("awake", f"released for {SETS}"),
        *("poisoned", f"kept for {SPACER_MS} ms", "put", "emptied", f"released for {SETS}"),
        *(f"kept for {SPACER_MS} ms", f"kept for {COVER_MS} ms"),
    ]
    for slot, seen in zip(guest.reference.inputs, guest.rehearsed_on, strict=True):
        assert torch.equal(seen, before.tensors(slot))


def test_the_cards_part_of_a_run_is_told(monkeypatch):
    guest, spans = Played(), []

    class Span:
        def __init__(self, *, on_card):
            assert not on_card
            spans.append(self)
            self.ms = float(len(spans))

        def begin(self):
            """It is timed as it is told."""

        end = begin

        def wait(self):
            guest.happened.append(f"waited for {self.ms:g}")

    monkeypatch.setattr(run_clock, "CardTime", Span)
    _, made = called(guest)
    assert made.handover_ms == 1
    assert made.ms > 3
    assert guest.happened[-2:] == ["waited for 2", "waited for 3"]


def test_what_is_not_timed_is_not_rehearsed_and_stands_still_until_all_is_laid_out():
    guest = Played()
    call(guest, guest.reference.draw_sets(1)[0], 1.0)
    assert guest.happened[0] == "stopped"
    assert guest.happened[3:] == ["awake", "poisoned", "put", "released for 1"]


def test_who_leaves_the_answer_of_the_rehearsal_has_written_nothing():
    with pytest.raises(Ruling, match="never written") as caught:
        called(Played(lazy=True), rehearsals=SETS)
    assert caught.value.verdict is Verdict.WRONG


def test_who_changes_an_input_or_writes_late_has_cheated():
    def changes(guest):
        guest.exchange.live_inputs(SETS)[1, 0] += 1

    def writes(guest):
        guest.exchange.live_outputs(SETS).fill_(0)

    for after, said in ((changes, "changed its inputs"), (writes, "wrote to its outputs after")):
        with pytest.raises(Ruling, match=said) as caught:
            called(Played(after=after))
        assert caught.value.verdict is Verdict.CHEATED

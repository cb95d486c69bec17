"""Processes that wait for a candidate: warm before they have one, alone while one is timed, gone with their owner."""

import os
import select
import signal
import sys
import time
from pathlib import Path

import pytest
import torch

from sandbox.calling import call
from sandbox.child.words import Word
from sandbox.devices import choose
from sandbox.guest import Ahead, Guest, Manner
from sandbox.health import NoCard
from sandbox.isolation import NONE, strongest
from sandbox.ladder import Distribution
from sandbox.reference import Reference
from sandbox.ruling import Ruling
from sandbox.spares import Nursery, Spare
from tasks.task import Task

SOURCE = """
import torch
class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(8, 8)
    def forward(self, x): return self.linear(x)
def get_inputs(): return [torch.rand(4, 8)]
def get_init_inputs(): return []
"""
CANDIDATE = SOURCE.replace("Model", "ModelNew")
PLACE = choose("rtx4090", "emulated")
pytestmark = pytest.mark.skipif("other processes" in strongest().unprotected, reason="no namespaces here")


@pytest.fixture(scope="module")
def reference():
    return Reference(Task("tests/linear", SOURCE), SOURCE, "cpu")


@pytest.fixture
def nursery():
    made = Nursery(PLACE, 1, NoCard().settled)
    yield made
    made.close()


@pytest.fixture
def guests(reference, nursery):
    """Makes guests, and closes those that are still there."""
    made = []

    def make(source=CANDIDATE, ahead=Ahead.NO):
        made.append(Guest(source, reference, nursery, Manner(ahead=ahead)))
        return made[-1]

    yield make
    for each in made:
        if each.spare in nursery._out:
            each.close()


def until(condition, seconds=120):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        select.select([], [], [], 0.02)


def state_of(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def named(marker):
    """Pids of processes whose second argument is this."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if each.read_bytes().split(b"\0")[1:2] == [marker.encode()]:
                found.append(int(each.parent.name))
        except OSError:
            continue
    return found


def test_a_candidate_gets_a_process_that_was_warm_before(nursery, guests, reference):
    waiting = nursery._coming[0].result()
    until(lambda: waiting.warm)
    spent = os.pread(waiting.arena, 8, Word.IMPORT_NS * 8)
    guest = guests()
    assert guest.spare is waiting
    guest.build(60)
    assert bytes(guest.arena.words[Word.IMPORT_NS : Word.IMPORT_NS + 1]) == spent
    tensors = reference.draw_inputs(Distribution.OWN)
    made = call(guest, tensors, 60)
    assert torch.allclose(made.answers.tensor(reference.outputs[0]), reference.eager(tensors)[0], atol=1e-5)
    assert nursery._coming[0].result() is not waiting


def test_one_that_died_while_it_waited_is_replaced(nursery, guests):
    waiting = nursery._coming[0].result()
    waiting.child.signal(signal.SIGKILL)
    assert waiting.child.wait(30)
    guest = guests()
    assert guest.spare is not waiting
    guest.build(60)


def test_where_a_candidate_sees_others_nothing_waits_beside_it(nursery, guests):
    waiting = nursery._coming[0].result()
    nursery.move(NONE)
    assert not waiting.child.alive
    assert not nursery.private
    guest = guests()
    guest.build(60)
    assert nursery._coming == []


def test_a_long_source_reaches_it_and_nobody_waits_for_a_dead_one(nursery, guests):
    long = CANDIDATE + f"#{'x' * (1 << 20)}\n"
    guests(long).build(60)
    nursery._coming[0].result().child.signal(signal.SIGSTOP)  # it reads nothing
    stuck = guests(long)
    stuck.spare.child.signal(signal.SIGKILL)
    with pytest.raises(Ruling):
        stuck.build(60)


def test_in_a_quiet_time_all_but_one_stand_still_with_its_own_children(nursery, guests):
    marker = f"4321.{os.getpid()}"
    daemon = f"__import__('subprocess').Popen(['sleep', '{marker}'])\n"
    neighbour, own = guests(daemon + CANDIDATE), guests()
    neighbour.build(60)
    own.build(60)
    (escaped,) = named(marker)
    with nursery.quiet(own.spare):
        assert state_of(escaped) == "T"
        assert state_of(neighbour.spare.child.group) == "T"
        assert state_of(nursery._coming[0].result().child.group) == "T"
        assert state_of(own.spare.child.group) != "T"
    until(lambda: state_of(escaped) != "T")
    neighbour.close()
    assert named(marker) == []


@pytest.mark.parametrize("warm", [False, True], ids=["just started", "warm"])
def test_the_candidates_process_is_known_in_its_box(warm):
    spare = Spare(PLACE, strongest())
    try:
        until(lambda: spare.warm or not warm)
        pid = spare._seen()
        assert b"sandbox.child.main" in Path(f"/proc/{pid}/cmdline").read_bytes()
        assert Path(f"/proc/{pid}/exe").resolve() == Path(sys.executable).resolve()
        spare.child.kill()
        assert spare._seen() == 0
    finally:
        spare.dismiss()


def test_company_that_keeps_the_card_busy_is_killed_and_not_blamed(nursery, guests):
    nursery._settled = lambda: False
    neighbour, own = guests(), guests()
    with nursery.quiet(own.spare):
        assert neighbour.spare.culled
        assert not neighbour.spare.child.alive
    own.build(60)


def test_trusted_company_is_not_killed_for_what_others_do(nursery, guests):
    asked = []
    nursery._settled = lambda: asked.append("settled?")
    eager, own = guests(), guests()
    eager.spare.trusted = True
    with nursery.quiet(own.spare):
        assert state_of(eager.spare.child.group) == "T"
    assert asked == []
    stranger = guests()
    with nursery.quiet(own.spare):
        assert asked == ["settled?"]
        assert stranger.spare.culled
    eager.build(60)


def test_a_first_call_ahead_of_its_turn_compiles_and_then_takes_the_weights_of_now(guests, reference):
    guest = guests(ahead=Ahead.CALL)
    until(lambda: not guest.under_way)
    reference.draw_weights(again=True)
    guest.build(60)
    tensors = reference.draw_inputs(Distribution.OWN)
    made = call(guest, tensors, 60)
    assert torch.allclose(made.answers.tensor(reference.outputs[0]), reference.eager(tensors)[0], atol=1e-5)


@pytest.mark.parametrize("body", ["1 / 0", "x", "__import__('os')._exit(3)"])
def test_what_goes_wrong_ahead_of_its_turn_is_an_answer(guests, body):
    guest = guests(CANDIDATE.replace("self.linear(x)", body if body != "x" else "x[:1]"), Ahead.CALL)
    with pytest.raises(Ruling):
        guest.build(60)


def test_what_does_not_build_ahead_answers_the_call_too(guests):
    with pytest.raises(Ruling, match="does not import"):
        guests("1 / 0\n" + CANDIDATE, Ahead.CALL).build(60)

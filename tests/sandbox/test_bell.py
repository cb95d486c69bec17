"""When the judge does what about a release; that a child is waited for is in test_company and test_process."""

import pytest

from sandbox import bell
from sandbox.bell import Bell, Ends
from sandbox.child import words
from sandbox.child.words import Command, Status, Word


@pytest.mark.parametrize("early", [False, True])
def test_the_clock_begins_when_the_card_is_free_and_at_the_release_for_who_did_not_wait(monkeypatch, early):
    shared = memoryview(bytearray(8 * words.COUNT)).cast("q")
    happened, number = [], words.BUILD + 1

    def happens(what):
        happened.append((what, shared[Word.RUN], shared[Word.DONE]))
        return len(happened)

    def answers():
        happens("the guest is looked at")
        shared[Word.DONE], shared[Word.STATUS] = number, Status.OK
        return True

    class Answering:
        flooded = False
        alive = property(lambda self: answers())

    def then():
        happens("then")
        if early:
            answers()

    monkeypatch.setattr(bell.time, "perf_counter_ns", lambda: happens("the clock is read"))
    ends = Ends(lambda: happens("first"), then, lambda: happens("last"))
    taken = Bell(shared, Answering(), (), spinning=True).ring(Command.CALL, 3, 1.0, ends)
    there = ("the guest is looked at", number, 0)
    assert happened == [
        ("first", 0, 0),
        ("the clock is read", number, 0),
        ("then", number, 0),
        *([there] if early else [("the clock is read", number, 0), there]),
        ("last", number, number),
        ("the clock is read", number, number),
    ]
    assert taken == (6 - 2 if early else 7 - 4)
    assert (shared[Word.COMMAND], shared[Word.CALLS]) == (Command.CALL, 3)

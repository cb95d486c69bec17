"""When the judge does what about a release; that a child is waited for is in test_company and test_process."""

from sandbox import bell
from sandbox.bell import Around, Bell
from sandbox.child import words
from sandbox.child.words import Command, Status, Word


def test_what_the_judge_does_before_a_release_and_around_the_answer(monkeypatch):
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

    monkeypatch.setattr(bell.time, "perf_counter_ns", lambda: happens("the clock is read"))
    around = Around(lambda: happens("before"), lambda: happens("meanwhile"), lambda: happens("after"))
    assert Bell(shared, Answering(), (), spinning=True).ring(Command.CALL, 3, 1.0, around) == 4
    assert happened == [
        ("before", 0, 0),
        ("the clock is read", 0, 0),
        ("meanwhile", number, 0),
        ("the guest is looked at", number, 0),
        ("after", number, number),
        ("the clock is read", number, number),
    ]
    assert (shared[Word.COMMAND], shared[Word.CALLS]) == (Command.CALL, 3)

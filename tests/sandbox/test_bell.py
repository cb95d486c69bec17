"""When the judge does what within the clock; that a child is waited for is in test_company and test_process."""

from types import SimpleNamespace

from sandbox.bell import Bell, Ends
from sandbox.child import words
from sandbox.child.words import Command, Status, Word


def test_what_the_judge_does_within_the_clock_is_before_the_release_and_after_the_answer():
    shared = memoryview(bytearray(8 * words.COUNT)).cast("q")
    number = words.BUILD + 1
    shared[Word.DONE], shared[Word.STATUS] = number, Status.OK
    released = []
    ends = Ends(lambda: released.append(shared[Word.RUN]), lambda: released.append(shared[Word.RUN]))
    Bell(shared, SimpleNamespace(alive=True, flooded=False), (), spinning=True).ring(Command.CALL, 3, 1.0, ends)
    assert released == [0, number]
    assert (shared[Word.COMMAND], shared[Word.CALLS]) == (Command.CALL, 3)

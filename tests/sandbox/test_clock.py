"""How many calls make a run, and how sure a median must be; the runs themselves are in test_measured and on a card."""

from types import SimpleNamespace

import pytest

from sandbox import clock
from sandbox.child.words import Command
from sandbox.clock import Sampled, Terms
from sandbox.evaluation import Source, Timing
from sandbox.sitting import Sitting
from sandbox.wire import MeasurePlan

PLAN = MeasurePlan(max_noise=0.01)


class Rehearsing:
    """Takes what was written down for each single call."""

    def __init__(self, room, *runs_ms):
        self.exchange, self.runs_ms, self.stops = SimpleNamespace(sets=room), list(runs_ms), 0

    def stop(self):
        self.stops += 1

    def rouse(self, timeout_s):
        assert timeout_s == PLAN.run_timeout_s

    def release(self, command, timeout_s, *, calls):
        assert (command, calls) == (Command.CALL, 1)
        return int(self.runs_ms.pop(0) * 1e6)


def terms(**more):
    return Terms(None, PLAN, Sitting(release_ms=0.2), None, **more)


@pytest.mark.parametrize(("runs_ms", "calls"), [((3.2, 1.2, 2.2), 6), ((0.3, 0.3, 0.3), 20), ((90.0, 80.2, 81.0), 2)])
def test_the_quickest_of_three_single_calls_says_how_many_make_a_run(runs_ms, calls):
    guest = Rehearsing(20, *runs_ms)
    assert clock._rehearsed(guest, terms()) == calls
    assert guest.stops == 3


def test_where_there_is_room_for_one_nothing_is_rehearsed():
    assert clock._rehearsed(Rehearsing(1), terms()) == 1


@pytest.mark.parametrize(
    ("call_ms", "counts"),
    [(0.75, [8]), (1.5, [8, 4]), (1.4, [8]), (0.375, [8, 16]), (0.4, [8]), (90.0, [8, 2]), (0.01, [8, 32])],
)
def test_a_program_that_was_another_in_its_rehearsals_is_timed_once_more(monkeypatch, call_ms, counts):
    made = []

    def sampled(guest, terms, count):
        made.append(count)
        return Sampled(Timing((call_ms,), Source.MEASURED, burst=count), 0.1)

    monkeypatch.setattr(clock, "_rehearsed", lambda guest, terms: 8)
    monkeypatch.setattr(clock, "_sampled", sampled)
    assert clock.sample(Rehearsing(32), terms()).timing.burst == counts[-1]
    assert made == counts


@pytest.mark.parametrize(("closely", "near_ms"), [(False, 0.02 / 3), (True, 0.0)])
def test_no_median_is_asked_for_more_closely_than_the_release_is_known_unless_two_are_compared(
    monkeypatch, closely, near_ms
):
    asked = []
    monkeypatch.setattr(clock, "_flusher", lambda gpu: None)
    monkeypatch.setattr(clock, "enough", lambda *arguments: asked.append(arguments[-1]) or True)
    clock._runs(Rehearsing(3), terms(closely=closely), 3, lambda: None)
    assert asked == [pytest.approx(near_ms)]

"""How many calls make a run, and how sure a median must be; the runs themselves are in test_measured and on a card."""

from types import SimpleNamespace

import pytest

from sandbox import clock
from sandbox.calling import Call
from sandbox.child.words import Command
from sandbox.clock import Sampled, Terms
from sandbox.cold import COVER_MS
from sandbox.evaluation import Source, Timing
from sandbox.ruling import Ruling
from sandbox.sitting import Handover, Sitting
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
    return Terms(None, PLAN, Sitting(release_ms=0.2 + COVER_MS), None, **more)


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


@pytest.mark.parametrize(("closely", "count", "near_ms"), [(False, 3, 0.01 / 3), (False, 1, 0.01), (True, 3, 0.0)])
def test_no_median_is_asked_for_more_closely_than_a_run_is_known_unless_two_are_compared(
    monkeypatch, closely, count, near_ms
):
    asked = []
    monkeypatch.setattr(clock, "Cold", lambda gpu: None)
    monkeypatch.setattr(clock, "enough", lambda *arguments: asked.append(arguments[-1]) or True)
    clock._runs(Rehearsing(3), terms(closely=closely), count, lambda: None)
    assert asked == [pytest.approx(near_ms)]


class Running:
    """Takes 1.1 ms for each call; writes down how many calls there were in rehearsals and runs."""

    def __init__(self, monkeypatch, handovers_ms, clocks_mhz):
        self.exchange = SimpleNamespace(sets=8)
        self.spare = SimpleNamespace(pid=0)
        self.reference = SimpleNamespace(draw_sets=lambda count: ["a set"] * count)
        self.happened, self._handovers = [], iter(handovers_ms)
        clocks = iter(clocks_mhz)
        monkeypatch.setattr(clock, "Cold", lambda gpu: None)
        monkeypatch.setattr(clock, "enough", lambda samples_ms, *_: len(samples_ms) == len(clocks_mhz))
        monkeypatch.setattr(clock, "rest_s", lambda clocks: 0.0)
        monkeypatch.setattr(clock.nvml, "sm_clock_mhz", lambda: next(clocks))
        monkeypatch.setattr(clock, "calls", self._called)
        monkeypatch.setattr(clock, "look_again", lambda guest, made: None)

    def stop(self):
        """Stands still as it is."""

    def _called(self, guest, drawn, timeout_s, cold, rehearsals):
        self.happened.append(rehearsals)
        return Call(1.1 * len(drawn[:-1]) + 0.7, next(self._handovers), None)


def timed(handover, **more):
    sitting = Sitting(release_ms=0.7, handover=handover)
    return Terms(None, PLAN, sitting, lambda sets, answers: None, **more)


def test_the_first_rehearsal_is_whole_and_the_others_wake_it(monkeypatch):
    guest = Running(monkeypatch, [0.1] * 3, [1980.0] * 3)
    sampled = clock._sampled(guest, timed(Handover(0.1)), 8)
    assert sampled.timing.median_ms == pytest.approx(1.1)
    assert guest.happened == [8, 2, 2]


def test_only_the_steps_before_runs_that_count_say_whether_the_card_was_kept_busy(monkeypatch):
    clocks_mhz = [1980.0] * 9 + [1200.0] * 10
    dropped_are_slow = Running(monkeypatch, [0.1] * 9 + [0.9] * 10, clocks_mhz)
    assert clock._sampled(dropped_are_slow, timed(Handover(0.1)), 8).handover_ms == 0.1
    dropped_are_quick = Running(monkeypatch, [0.9] * 9 + [0.1] * 10, clocks_mhz)
    with pytest.raises(Ruling, match="kept the card busy before its calls: our last steps took 0.9 ms"):
        clock._sampled(dropped_are_quick, timed(Handover(0.1)), 8)

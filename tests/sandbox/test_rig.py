"""A sitting is begun again where its protocol's cost varies more than the reference takes."""

from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from sandbox import clock, event_time, rig
from sandbox.evaluation import SandboxError, Source, Timing, Verdict
from sandbox.guest import Ahead, Manner
from sandbox.rig import Rig
from sandbox.ruling import Ruling
from sandbox.sitting import NOTHING_MS, Copies
from sandbox.wire import MeasurePlan

SETS = 4
QUIET = Timing((0.2,) * 20, Source.MEASURED)
SLICES = Timing((0.2, 3.9) * 10, Source.MEASURED)
"""A slice of the card goes to somebody else in every other run."""


RESTS = []
"""Between the sittings of a test."""
NURSERY = SimpleNamespace(place=SimpleNamespace(gpu=None))


class Played(Rig):
    """Its null candidate takes what was written down, and so does its reference: a millisecond more if nothing else."""

    def __init__(self, nulls, runs=((1.2,) * 30,) * 9, mhz=1980.0, *, views=False):
        self.nulls, self.runs, self.mhz = list(nulls), list(runs), mhz
        reference = SimpleNamespace(source="", task=SimpleNamespace(id="tests/played"), returns_views=lambda: views)
        super().__init__(reference, MeasurePlan(), NURSERY, SETS)

    def _two(self, held):
        return "null", "eager"

    def _timed(self, guest, timeout_s):
        if guest == "null":
            assert self._sitting.overhead_ms(1) == 0, "nothing is subtracted from the null candidate"
            return clock.Sampled(self.nulls.pop(0), 0.04)
        samples = tuple(self._sitting.net_ms(each, SETS) for each in self.runs.pop(0))
        return clock.Sampled(Timing(samples, Source.MEASURED, sm_clock_mhz=self.mhz, burst=SETS), 0.1)


def timing(ms, mhz=1980.0):
    return Timing((ms,) * 30, Source.MEASURED, sm_clock_mhz=mhz, burst=SETS)


@pytest.fixture(autouse=True)
def no_copies(monkeypatch):
    monkeypatch.setattr(rig.time, "sleep", RESTS.append)
    RESTS.clear()
    monkeypatch.setattr(event_time, "copies", lambda reference, gpu, sets: Copies(0.0, 0.0))


def test_a_quiet_sitting_is_believed_at_once():
    played = Played([QUIET, SLICES])
    assert played.eager.median_ms == pytest.approx(0.25)
    assert played.nulls == [SLICES]
    assert RESTS == []
    assert played._sitting.handover.ms(1) == 0.04
    assert played._sitting.handover.ms(SETS) == pytest.approx(0.1)


def test_one_that_loses_the_reference_in_its_noise_is_begun_again():
    assert Played([SLICES, SLICES, QUIET]).eager.median_ms == pytest.approx(0.25)
    assert RESTS == [2.0, 2.0]


def test_one_whose_reference_waits_for_others_in_most_of_its_runs_is_begun_again():
    waits = (1.2, 1.2, 4.8, 4.8, 4.8) * 6
    assert Played([QUIET] * 3, [waits, waits, (1.2,) * 30]).eager.median_ms == pytest.approx(0.25)


def test_a_card_that_never_comes_to_rest_is_said_and_times_nothing():
    with pytest.raises(SandboxError, match=r"tests/played cannot be timed: its Model takes 0.925 ms or less"):
        Played([SLICES] * 3)


@pytest.mark.parametrize("null", [(0.2, 0.23) * 10, (0.2, 0.4) * 10])
@pytest.mark.parametrize("run_ms", [0.19, 0.21, 0.4])
def test_a_reference_that_returns_views_takes_the_same_little_in_every_sitting(null, run_ms):
    played = Played([Timing(null, Source.MEASURED)], [(run_ms,) * 30], views=True)
    assert set(played.eager.samples_ms) == {NOTHING_MS}
    assert [played._sitting.net_ms(0.21, calls) for calls in (4, 32)] == [NOTHING_MS] * 2
    notes = played.doubts(Timing((NOTHING_MS,) * 30, Source.MEASURED, sm_clock_mhz=1980.0, burst=SETS))
    assert notes == ("takes 0.05 ms or less: Model returns views",)
    assert played.doubts(timing(0.3)) == ("eager takes 0.05 ms or less: Model returns views",)


def test_one_that_computes_before_it_returns_views_takes_what_it_takes():
    assert Played([QUIET], [(1.2,) * 30], views=True).eager.median_ms == pytest.approx(0.25)
    assert Played([SLICES, QUIET], views=True).eager.median_ms == pytest.approx(0.25), "and is timed again in doubt"


def test_where_no_memory_is_shared_across_ids_both_are_started_again_in_another_box(monkeypatch):
    happened = []
    played, tries = object.__new__(Rig), [Ruling(Verdict.UNJUDGED, "no arena"), ("null", "eager")]

    def two(held):
        found = tries.pop(0)
        held.callback(happened.append, "closed")
        if isinstance(found, Ruling):
            raise found
        return found

    played.nursery = SimpleNamespace(move=lambda isolation: happened.append(isolation))
    monkeypatch.setattr(played, "_two_here", two)
    monkeypatch.setattr(rig, "strongest", lambda *, own_pids: f"own_pids={own_pids}")
    with ExitStack() as held:
        assert played._two(held) == ("null", "eager")
        assert happened == ["closed", "own_pids=False"]
    tries += [Ruling(Verdict.CRASHED, "gone")]
    with pytest.raises(Ruling, match="gone"), ExitStack() as held:
        played._two(held)


def test_what_a_candidates_time_is_worth_is_noted():
    played = Played([Timing((0.2, 0.3) * 10, Source.MEASURED)])
    assert played.doubts(timing(0.03)) == ()
    (bound,) = played.doubts(timing(played._sitting.net_ms(0.2, SETS)))
    assert bound.startswith("takes 0.025 ms or less")
    for mhz in (1500.0, 2300.0):
        assert played.doubts(timing(0.03, mhz=mhz)) == (f"was timed at {mhz:.0f} MHz, eager at 1980",)
    (ragged,) = played.doubts(Timing((0.03,) * 10 + (0.09,) * 20, Source.MEASURED, burst=SETS))
    assert ragged.startswith("half of its runs took 0.09 ms")


class Building:
    """A guest that is built, or is ruled out while it is."""

    def __init__(self, ruling=None):
        self.spare, self._ruling = SimpleNamespace(trusted=False), ruling

    def build(self, timeout_s):
        if self._ruling:
            raise self._ruling

    def close(self):
        """Nothing is held."""


def building(monkeypatch, null, eager):
    """A rig that starts these, and the manners in which it did."""
    played, manners = object.__new__(Rig), []
    guests = iter((null, eager))
    played.reference, played.plan, played._sets = SimpleNamespace(source=""), MeasurePlan(), SETS
    monkeypatch.setattr(clock, "null_source", lambda reference: "")
    monkeypatch.setattr(played, "_guest", lambda source, manner: manners.append(manner) or next(guests))
    return played, manners


def test_the_null_candidates_kernel_is_compiled_while_eager_is_built(monkeypatch):
    null, eager = Building(), Building()
    played, manners = building(monkeypatch, null, eager)
    with ExitStack() as held:
        assert played._two(held) == (null, eager)
    assert manners == [Manner(ahead=Ahead.CALL), Manner(SETS)]
    assert null.spare.trusted
    assert eager.spare.trusted


def test_where_a_kernel_of_nothing_does_not_run_no_task_is_blamed(monkeypatch):
    played, _ = building(monkeypatch, Building(Ruling(Verdict.CRASHED, "no C\ncompiler")), Building())
    with (
        pytest.raises(SandboxError, match="nothing runs here: crashed: no C compiler"),
        ExitStack() as held,
    ):
        played._two(held)


def test_a_reference_that_cannot_be_built_is_ruled_on(monkeypatch):
    played, _ = building(monkeypatch, Building(), Building(Ruling(Verdict.CRASHED, "its own")))
    with pytest.raises(Ruling, match="its own"), ExitStack() as held:
        played._two(held)

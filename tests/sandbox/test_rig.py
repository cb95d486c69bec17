"""A sitting is begun again where its protocol's cost varies more than the reference takes."""

from types import SimpleNamespace

import pytest

from sandbox import clock, rig
from sandbox.evaluation import SandboxError, Source, Timing
from sandbox.rig import Rig
from sandbox.sitting import Copies
from sandbox.wire import MeasurePlan

SETS = 4
QUIET = Timing((0.2,) * 20, Source.MEASURED)
SLICES = Timing((0.2, 3.9) * 10, Source.MEASURED)
"""A slice of the card goes to somebody else in every other run."""


class Played(Rig):
    """Its null candidate takes what was written down, its reference a millisecond a run beyond the quiet one."""

    def __init__(self, nulls):
        self.nulls = list(nulls)
        super().__init__(SimpleNamespace(source="", task=SimpleNamespace(id="tests/played")), MeasurePlan(), None, SETS)

    def _null(self):
        assert self._sitting == rig.Sitting(), "nothing is subtracted from the null candidate"
        return self.nulls.pop(0)

    def _baseline(self, *arguments, **options):
        return clock.Sampled(Timing((self._sitting.net_ms(1.2),) * 30, Source.MEASURED), 0.1)


@pytest.fixture(autouse=True)
def no_copies(monkeypatch):
    monkeypatch.setattr(clock, "copies", lambda reference, sets: Copies(0.0, 0.0))


def test_a_quiet_sitting_is_believed_at_once():
    played = Played([QUIET, SLICES])
    assert played.eager.median_ms == pytest.approx(0.25)
    assert played.nulls == [SLICES]


def test_one_that_loses_the_reference_in_its_noise_is_begun_again():
    assert Played([SLICES, SLICES, QUIET]).eager.median_ms == pytest.approx(0.25)


def test_a_card_that_never_comes_to_rest_is_said_and_times_nothing():
    with pytest.raises(SandboxError, match=r"tests/played cannot be timed: .* varies by 3.7 ms .* 4 calls"):
        Played([SLICES] * 3)


def test_a_time_that_is_lost_in_the_noise_is_called_a_bound():
    played = Played([Timing((0.2, 0.3) * 10, Source.MEASURED)])
    assert played.doubts(Timing((0.03,) * 30, Source.MEASURED)) == ()
    (said,) = played.doubts(Timing((played._sitting.net_ms(0.2),) * 30, Source.MEASURED))
    assert said.startswith("takes 0.025 ms or less")

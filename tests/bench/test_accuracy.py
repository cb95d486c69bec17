import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench import accuracy, protocol
from bench.accuracy import Agreement


def agreement(repeats, event_ms, nominal_ms=1.0):
    return Agreement("chain 1 ms", nominal_ms, repeats, 30, 0.1, event_ms)


def cells(found):
    return accuracy.report([found]).splitlines()[1].split()


def test_a_median_is_held_against_the_mean_of_both_event_times():
    assert agreement((1.02,), (0.99, 1.01)).deviation == pytest.approx(0.02)


def test_both_goals_are_judged_by_the_duration_that_was_meant():
    repeats = (1.0, 1.004, 1.02)
    assert [each for each in cells(agreement(repeats, (1.0, 1.0))) if each.isalpha()] == [
        "chain",
        "ms",
        "holds",
        "MISSED",
    ]
    assert "MISSED" not in cells(agreement(repeats, (0.97, 0.97), nominal_ms=0.05))


def test_a_point_that_was_not_repeated_has_no_spread():
    assert cells(agreement((1.2,), (1.0, 1.0)))[-4:] == ["MISSED", "-", "-", "-"]


def test_a_word_goes_round_trip_in_less_time_than_through_a_stop():
    script = Path(protocol.__file__)
    ended = subprocess.run([sys.executable, str(script), "--no-card"], capture_output=True, text=True, check=True)
    told = json.loads(ended.stdout)
    assert set(told) == {"null_round_trip_us", "with_stop_and_continue_us"}
    assert all(each > 0 for each in told.values())


def test_the_other_end_answers_every_release():
    with protocol.echo("nothing") as other:
        for number in (2, 3, 4):
            other.round_trip_us(stopped=number == 3)
            assert other.words[1] == number

"""``kill -9`` at named points: the run ends as if nothing had happened, and no answer is asked for twice."""

import json
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

DRIVER = Path(__file__).with_name("driver.py")

UNHARMED = [
    "before-RunStarted-1",
    "inside-RunStarted-1",
    "after-RunStarted-1",
    "before-WorkBegan-1",
    "after-WorkBegan-1",
    "before-MovesProposed-1",
    "inside-MovesProposed-2",
    "after-MovesProposed-3",
    "before-Asked-1",
    "inside-Asked-3",
    "after-Replied-1",
    "after-Replied-2",
    "before-evaluate-1",
    "after-evaluate-2",
    "before-profile-1",
    "after-profile-2",
    "before-AttemptMade-1",
    "inside-AttemptMade-2",
    "after-AttemptMade-3",
    "after-AttemptMade-6",
    "before-RunEnded-1",
    "inside-RunEnded-1",
    "after-RunEnded-1",
]
"""Nothing was in flight: not one call may be made twice or be called possibly paid."""

IN_FLIGHT = {
    "after-Asked-1": 1,
    "before-complete-4": 1,
    "after-complete-1": 2,
    "after-complete-5": 2,
    "before-Replied-2": 2,
    "inside-Replied-3": 2,
}
"""Between a question and the storing of its answer, and how often the model then heard it in all."""


def drive(home, point=""):
    return subprocess.run([sys.executable, DRIVER, home, point], capture_output=True, text=True, timeout=60)


def end_of(process):
    assert process.returncode == 0, process.stderr
    end = json.loads(process.stdout)
    return end.pop("possibly_paid"), end


def asked(home):
    return Counter(line.split()[0] for line in (home / "asked.log").read_text().splitlines())


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    home = tmp_path_factory.mktemp("undisturbed")
    possibly_paid, end = end_of(drive(home))
    assert (possibly_paid, len(end["attempts"]), end["best"]) == (0, 6, 5)
    assert set(asked(home).values()) == {1}
    return end


def killed(home, point):
    process = drive(home, point)
    assert process.returncode == -signal.SIGKILL, f"{point} was never reached: {process.stderr}"


@pytest.mark.parametrize("point", UNHARMED)
def test_a_kill_between_calls_changes_nothing(point, tmp_path, undisturbed):
    killed(tmp_path, point)
    possibly_paid, end = end_of(drive(tmp_path))
    assert end == undisturbed
    assert possibly_paid == 0
    assert set(asked(tmp_path).values()) == {1}


@pytest.mark.parametrize("point", IN_FLIGHT)
def test_a_kill_during_a_call_is_told_as_possibly_paid_and_changes_nothing_else(point, tmp_path, undisturbed):
    killed(tmp_path, point)
    possibly_paid, end = end_of(drive(tmp_path))
    assert end == undisturbed
    assert possibly_paid == 1
    assert sorted(asked(tmp_path).values()) == [1] * 5 + [IN_FLIGHT[point]]


def test_kill_after_kill_ends_alike(tmp_path, undisturbed):
    for point in (
        "after-Replied-1",
        "before-WorkBegan-1",
        "after-evaluate-2",
        "after-AttemptMade-1",
        "before-RunEnded-1",
    ):
        killed(tmp_path, point)
    possibly_paid, end = end_of(drive(tmp_path))
    assert (end, possibly_paid) == (undisturbed, 0)
    assert set(asked(tmp_path).values()) == {1}


def test_a_kill_while_a_lost_call_is_being_written_counts_it_once(tmp_path, undisturbed):
    for point in ("before-complete-1", "inside-CallLost-1", "after-CallLost-1"):
        killed(tmp_path, point)
    possibly_paid, end = end_of(drive(tmp_path))
    assert (end, possibly_paid) == (undisturbed, 1)

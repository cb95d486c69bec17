"""The measuring programs on a card: each part of ``bench/`` runs and says what it should. ``make gpu-test``."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench import accuracy, entries, protocol, throughput
from bench.entries import End

pytestmark = pytest.mark.gpu


@pytest.fixture(scope="module")
def shortest():
    return next(each for each in entries.corpus() if each.name == "softmax_short")


def test_the_plain_harness_judges_a_task(shortest, tmp_path):
    found = {each.candidate: each for each in throughput.PlainHarness(tmp_path).judge(shortest)}
    assert found["decent"].found is End.CORRECT, found["decent"].message
    assert found["plain"].found is End.CORRECT, found["plain"].message
    assert found["broken"].found is End.FAILS
    assert found["decent"].median_ms > 0
    named = {"start", "import", "context", "build", "inputs", "truth", "compile", "runs"}
    assert set(found["decent"].phases) == named


def test_the_cards_events_time_a_calibrated_kernel():
    shortest_chain = accuracy.points()[0]
    (median_ms,) = accuracy.event_medians_ms([shortest_chain])
    assert median_ms > 0


def test_the_protocol_is_measured():
    ended = subprocess.run(
        [sys.executable, str(Path(protocol.__file__))], stdout=subprocess.PIPE, text=True, check=True
    )
    told = json.loads(ended.stdout)
    assert told["copy_gb_per_s"] > 0
    assert set(told) >= {"null_round_trip_us", "with_device_sync_us", "context_switch_us", "box_minus_own_event_us"}

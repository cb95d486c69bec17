import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench import throughput
from bench.entries import End, Entrant, Entry
from bench.throughput import Judged
from sandbox.evaluation import Candidate, Environment, Source, Timing, Verdict
from tasks.task import Task


@dataclass(frozen=True)
class Phases:
    runs_ms: float = 250.0
    import_ms: float = 3000.0
    total_ms: float = 400.0
    prepared: bool = True


@dataclass(frozen=True)
class Told:
    """As much of an evaluation as is looked at."""

    verdict: Verdict
    message: str = ""
    timing: Timing | None = None
    phases: Phases | None = None


class Diary:
    """A bench that writes down what it is asked."""

    def __init__(self, answers):
        self.asked, self._answers = [], answers
        self.environment = Environment("emulated", "rtx4090", "")

    def prepare(self, task, candidate):
        self.asked.append(("prepare", candidate.source))

    def evaluate(self, task, candidate):
        self.asked.append(("evaluate", candidate.source))
        return self._answers[candidate.source]


RIGHT = Told(Verdict.CORRECT, timing=Timing((1.0, 3.0, 2.0), Source.MEASURED), phases=Phases())
SLOW = Told(Verdict.TIMED_OUT, "no answer")


def entry(*sources):
    entrants = tuple(Entrant(Path(f"{each}.py"), End.CORRECT, Candidate(each)) for each in sources)
    return Entry("task", Task("tests/task", ""), 1e-4, entrants)


def judged(harness, seconds, found=End.CORRECT, expected=End.CORRECT, candidate="decent"):
    return Judged(harness, "softmax", candidate, expected, found, seconds, {"runs": seconds / 2}, 1.25, "said so")


def test_the_next_candidate_is_hinted_before_one_is_judged():
    bench = Diary({"a": RIGHT, "b": SLOW})
    first, second = throughput.ours(bench, entry("a", "b"))
    assert bench.asked == [("prepare", "b"), ("evaluate", "a"), ("evaluate", "b")]
    assert (first.found, first.median_ms) == (End.CORRECT, 2.0)
    assert (second.found, second.median_ms, second.message) == (End.FAILS, None, "timed_out no answer")


def test_what_no_phase_tells_of_is_the_rest():
    first, second = throughput.ours(Diary({"a": RIGHT, "b": SLOW}), entry("a", "b"))
    assert first.phases == {"runs": 0.25, "import": 3.0, "rest": pytest.approx(first.seconds - 0.25)}
    assert second.phases == {"rest": second.seconds}


def test_no_task_begins_after_the_time_is_out(capsys):
    bench = Diary({"a": RIGHT})
    assert throughput.take_turns(bench, [entry("a")], plain=False, until=0.0) == []
    assert "0 of 1 tasks" in capsys.readouterr().out
    found = throughput.take_turns(bench, [entry("a")], plain=False, until=time.monotonic() + 60)
    assert [each.harness for each in found] == ["ours"]


def test_a_plain_process_without_a_card_fails_and_says_why(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    (found,) = throughput.take_turns(Diary({"a": RIGHT}), [entry("a")], plain=True, until=time.monotonic() + 60)[:1]
    assert (found.harness, found.found) == ("plain", End.FAILS)
    assert found.phases == {"start": found.seconds}
    assert "Error" in found.message


def test_a_plain_processs_phases_add_up_to_its_seconds(monkeypatch):
    told = {"verdict": "correct", "median_ms": 0.5, "phases": {"import": 0.25, "runs": 0.5}}
    ended = subprocess.CompletedProcess([], 0, f"a warning\n{json.dumps(told)}\n", "")
    monkeypatch.setattr(throughput.subprocess, "run", lambda *command, **how: ended)
    (found,) = throughput.take_turns(Diary({"a": RIGHT}), [entry("a")], plain=True, until=time.monotonic() + 60)[:1]
    assert (found.found, found.median_ms) == (End.CORRECT, 0.5)
    assert found.phases == {"start": pytest.approx(found.seconds - 0.75), "import": 0.25, "runs": 0.5}


def test_the_ratio_is_of_candidates_an_hour():
    told = throughput.report([judged("ours", 1.0), judged("ours", 2.0), judged("plain", 18.0)])
    assert "ratio: 12.0, goal 10: reached" in told
    assert "ratio: 9.0, goal 10: MISSED" in throughput.report([judged("ours", 2.0), judged("plain", 18.0)])


def test_what_comes_after_a_tasks_first_is_told_apart():
    told = throughput.report(
        [
            judged(name, seconds, candidate=f"{index}")
            for name in ("ours", "plain")
            for index, seconds in enumerate({"ours": (7.0, 1.0, 2.0), "plain": (9.0, 4.0, 5.0)}[name])
        ]
    )
    assert "ratio: 1.8, goal 10: MISSED (without each task's first, whose seconds hold its baseline: 3.0)" in told
    assert "baseline: " not in throughput.report([judged("ours", 2.0), judged("plain", 18.0)])


def test_one_harness_alone_has_no_ratio():
    assert "ratio" not in throughput.report([judged("ours", 1.0)])


def test_an_unexpected_end_is_told():
    told = throughput.report([judged("ours", 1.0), judged("plain", 9.0, End.WRONG)])
    assert "plain: softmax/decent wrong, expected correct: said so" in told
    assert "ours: softmax" not in told

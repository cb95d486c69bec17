"""Recordings replayed by a whole batch: each task by the stages that its own file answers."""

import json
from pathlib import Path

import pytest
from cli_driver import Judge
from fakes import PLAN, kernel

from agent import workshop
from agent.cli import run
from sandbox.codec import encode

REPLAY = ["--llm", "recorded", "--set", "llm.options.folder=kept", "--json"]


@pytest.fixture(autouse=True)
def recorded(tmp_path, monkeypatch, capsys):
    """A folder of two recordings: softmax was planned, gelu_chain was not."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(workshop, "open_judge", lambda config: Judge())
    plan = json.dumps(encode(PLAN))
    kernels = [kernel(8.0), kernel(6.0), kernel(5.0)]
    for task, plans, answers in (("softmax", 1, [kernels[0], plan, kernels[1]]), ("gelu_chain", 0, kernels)):
        Path("answers.json").write_text(json.dumps(answers))
        asked = ["--llm", "scripted", "--set", "llm.options.file=answers.json"]
        asked += ["--set", f"policy.options.plans={plans}", "--set", "budget.attempts=3"]
        assert run(["optimize", task, *asked]) == 0
        assert run(["show", "--record", "kept"]) == 0
    capsys.readouterr()


def replayed(capsys):
    """Exit code, stages asked of each task, and the notes on stderr, of a batch over both."""
    code = run(["batch", "softmax", "gelu_chain", *REPLAY, "--set", "budget.attempts=3"])
    out, err = capsys.readouterr()
    events = [json.loads(line) for line in out.splitlines()]
    made = [(each["task"].removeprefix("examples/"), each["stage"]) for each in events if each["event"] == "attempt"]
    return code, made, err


def test_each_task_is_asked_what_its_own_recording_answers(capsys):
    code, made, err = replayed(capsys)
    assert code == 0
    assert made[:3] == [("softmax", "seed"), ("softmax", "analyse"), ("softmax", "rewrite")]
    assert made[3:] == [("gelu_chain", "seed"), ("gelu_chain", "grid"), ("gelu_chain", "tiling")]
    assert "stage analyse or combine or rewrite for examples/gelu_chain: the search goes without" in err
    assert "stage combine for examples/softmax: the" in err


def test_a_broken_recording_stops_its_own_task_alone(capsys):
    Path("kept/examples__softmax.jsonl").write_text("{broken\n")
    code, made, _ = replayed(capsys)
    assert code == 1
    assert made == [("gelu_chain", "seed"), ("gelu_chain", "grid"), ("gelu_chain", "tiling")]

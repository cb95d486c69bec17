"""``lint`` as its users see it: lines, objects, exit codes."""

import json
from pathlib import Path

import pytest
from fakes import FakeBench

from agent import workshop
from agent.cli import run
from sandbox.evaluation import SandboxError

TASK = "class Model: 'WORDS'\ndef get_inputs(): ...\ndef get_init_inputs(): ...\n"


class Bench(FakeBench):
    def lint(self, task):
        if "deadly" in task.source:
            raise SandboxError("the judge's process ended with status 9: it said nothing")
        return super().lint(task)


@pytest.fixture
def say(tmp_path, monkeypatch, capsys):
    """Runs a command line; gives its exit code, stdout's lines and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(workshop, "open_judge", lambda config: Bench())
    Path("mine").mkdir()

    def said(*arguments):
        code = run(list(arguments))
        out, err = capsys.readouterr()
        return code, out.splitlines(), err

    return said


def written(**words):
    for name, text in words.items():
        Path(f"mine/{name}.py").write_text(TASK.replace("WORDS", text))


def test_clean_tasks_return_0(say):
    written(a="something", b="something")
    code, out, _ = say("lint", "mine")
    assert (code, out[-1]) == (0, "2 of 2 tasks clean, 0 findings")
    assert out[0].startswith("judging: ")


def test_a_finding_is_a_line_and_returns_1(say):
    written(a="nothing, nothing", b="something")
    code, out, _ = say("lint", "mine/a.py", "mine")
    assert code == 1
    assert out[1:] == ["mine/a: zero: it is nothing"] * 2 + ["1 of 2 tasks clean, 2 findings"]


def test_a_flaw_that_the_set_names_with_a_reason_is_shown_and_not_counted(say):
    written(a="nothing")
    Path("mine/set.toml").write_text('[tasks.a]\nflaws = { zero = "as its authors published it" }\n')
    code, out, _ = say("lint", "mine")
    assert code == 0
    assert out[1:] == [
        "mine/a: zero: it is nothing (known: as its authors published it)",
        "1 of 1 tasks clean, 0 findings, 1 known",
    ]


@pytest.mark.parametrize(
    ("flaws", "said"),
    [('{ zerro = "so" }', "did you mean zero"), ('{ zero = " " }', "a reason expected"), ("3", "dict expected")],
)
def test_a_mark_that_says_nothing_is_refused(say, flaws, said):
    written(a="nothing")
    Path("mine/set.toml").write_text(f"[tasks.a]\nflaws = {flaws}\n")
    code, out, err = say("lint", "mine")
    assert (code, out) == (2, [])
    assert said in err


def test_a_reference_that_kills_its_judge_stops_no_other(say):
    written(a="deadly", b="nothing")
    code, out, _ = say("lint", "mine")
    assert code == 2
    assert out[1].startswith("mine/a: not examined: the judge's process ended with status 9")
    assert out[2:] == ["mine/b: zero: it is nothing", "0 of 2 tasks clean, 1 findings, 1 not examined"]


def test_programs_get_one_object_a_line(say):
    written(a="nothing", b="deadly")
    code, out, _ = say("lint", "mine", "--json")
    finding, failed, end = (json.loads(each) for each in out)
    assert code == 2
    assert finding == {"event": "finding", "task": "mine/a", "flaw": "zero", "words": "it is nothing", "known": None}
    assert (failed["event"], failed["task"]) == ("failed", "mine/b")
    assert end == {"event": "end", "tasks": 2, "flawed": 1, "findings": 1, "known": 0, "failed": 1}


@pytest.mark.parametrize("words", [["lint"], ["lint", "nowhere/at/all"], ["lint", "mine", "--gpu", "rtx4091"]])
def test_wrong_use_is_one_line_and_returns_2(say, words):
    code, out, err = say(*words)
    assert (code, out, len(err.splitlines())) == (2, [], 1)

"""``ablate`` as its users see it: judged by a fake, asked of scripts, interrupted and resumed."""

import json
import os
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from cli_driver import Judge
from fakes import kernel

from agent import workshop
from agent.cli import run
from sandbox.evaluation import Environment

DRIVER = Path(__file__).parents[1] / "cli_driver.py"
GOOD = (kernel(8.0), kernel(6.0))
BETTER = (kernel(4.0), kernel(3.0))


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """An empty folder to work in, the fake judge, two scripts, and no settings from outside."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(workshop, "open_judge", lambda config: Judge())
    for name in [name for name in os.environ if name.startswith("KERNELWRIGHT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "120")
    script("good", *GOOD)
    script("better", *BETTER)


@pytest.fixture
def say(capsys):
    """Runs a command line in this process; gives its exit code, stdout and stderr."""

    def said(*arguments):
        code = run(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err.replace("JUDGE CLOSED\n", "")

    return said


def script(name, *answers):
    """A file of answers, each of 100 tokens."""
    usage = {"input_tokens": 90, "output_tokens": 10, "usd": 0.01}
    Path(f"{name}.json").write_text(json.dumps([{"text": answer, "usage": usage} for answer in answers]))


def asked(name):
    """The questions that a script was asked, from its log."""
    return Path(f"{name}.log").read_text().splitlines()


def ablation(*tasks, variant="better", extra=()):
    options = ["--llm", "scripted", "--set", "llm.options.file=good.json", "--set", "llm.options.log=good.log"]
    options += ["--set", "policy.options.plans=0"]
    own = f"new llm.options.file={variant}.json llm.options.log={variant}.log"
    return ["ablate", *tasks, *options, "--variant", own, "--calls", "2", *extra]


def objects(text, *kinds):
    return [each for each in map(json.loads, text.splitlines()) if each["event"] in kinds]


def test_variants_are_compared_task_by_task_at_an_equal_number_of_calls(say):
    code, out, _ = say(*ablation("softmax", "layer_norm", "gelu_chain", extra=["--json"]))
    (contrast,) = objects(out, "contrast")
    assert code == 0
    assert (contrast["variant"], contrast["baseline"], contrast["source"]) == ("new", "baseline", "modelled")
    assert (contrast["pairs"], contrast["wins"], contrast["ties"], contrast["losses"]) == (3, 3, 0, 0)
    assert [contrast[end] for end in ("low", "ratio", "high")] == pytest.approx([2.0] * 3)
    assert contrast["cost"] == contrast["baseline_cost"] == {"calls": 6, "tokens": 600, "uncounted": 0}
    pairs = {each["task"]: (each["ratio"], each["outcome"]) for each in objects(out, "pair")}
    assert pairs == {f"examples/{name}": (2.0, "faster") for name in ("softmax", "layer_norm", "gelu_chain")}
    grid = next(each for each in objects(out, "stage") if (each["variant"], each["stage"]) == ("new", "grid"))
    assert (grid["cost"]["calls"], grid["bests"], grid["held"], grid["gain"]) == (3, 3, 3, pytest.approx(4 / 3))
    assert grid["gain_per_1000_tokens"] == pytest.approx((4 / 3) ** 10)


def test_the_tables_say_the_same_and_what_they_rest_on(say):
    code, out, _ = say(*ablation("softmax", "layer_norm"))
    assert code == 0
    assert "rtx4090, modelled: times of baseline over those of a variant" in out
    assert re.search(r"new +2\.00x modelled +none +2 +2 +0 +0 +0 +0 +4 to 4 +400 to 400", out)
    assert re.search(r"examples/softmax +new +2\.00x modelled +no spread +faster", out)
    assert re.search(r"new +grid +2 +0 +2 +2 +2 +200 +1\.33x modelled \(2\) +\+1,675\.77 %", out)
    assert "new: too few pairs for an interval, 2 of at least 3" in out


def test_a_task_that_one_variant_alone_solved_is_told_apart(say):
    script("bad", kernel(), kernel())
    code, out, _ = say(*ablation("softmax", "layer_norm", variant="bad"))
    assert code == 1
    assert "only baseline solved examples/layer_norm, examples/softmax: in no mean" in out


def test_the_same_command_again_asks_nobody_and_says_the_same(say):
    words = ablation("softmax", "layer_norm")
    first = say(*words)
    questions = asked("good"), asked("better")
    assert [len(each) for each in questions] == [4, 4]
    assert say(*words)[:2] == first[:2]
    assert (asked("good"), asked("better")) == questions


def test_a_task_or_a_variant_more_buys_only_what_is_new(say):
    say(*ablation("softmax"))
    _, out, _ = say(*ablation("softmax", "layer_norm", extra=["--variant", "again", "--json"]))
    assert {each["variant"]: each["pairs"] for each in objects(out, "contrast")} == {"new": 2, "again": 2}
    assert len(asked("better")) == 4


def test_other_words_under_the_same_name_are_asked_anew(say):
    stages = Path("mine/stages")
    stages.mkdir(parents=True)
    shipped = Path(DRIVER.parents[1] / "prompts/stages/seed.j2").read_text()
    for number, text in enumerate((shipped, shipped + "\nBe quick.\n", shipped + "\nBe quick.\n")):
        (stages / "seed.j2").write_text(text)
        say(*ablation("softmax", extra=["--set", "templates=mine"]))
        batches = {each.split("/")[-1] for each in batch_names()}
        assert len(batches) == (2, 4, 4)[number]


def batch_names():
    with sqlite3.connect(".kernelwright/journal.db") as journal:
        return [name for (name,) in journal.execute("SELECT body ->> 'batch' FROM events WHERE kind = 'RunStarted'")]


def test_an_interrupted_ablation_goes_on_and_buys_nothing_twice(say):
    script("hang", kernel(4.0), kernel(3.0, salt="hang"))
    words = ablation("softmax", "layer_norm", variant="hang")
    process = subprocess.Popen(
        [sys.executable, str(DRIVER), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "JUDGE_HANGS": "1"},
    )
    for line in process.stderr:
        if "JUDGING FOR EVER" in line:
            break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.splitlines()[-1] == "kernelwright: stopped, nothing is lost; go on with: the same command"
    assert (len(asked("good")), len(asked("hang"))) == (2, 2)
    code, out, _ = say(*words, "--json")
    assert code == 0
    assert [each["ratio"] for each in objects(out, "pair")] == [2.0, 2.0]
    for questions in (asked("good"), asked("hang")):
        assert len(questions) == len(set(questions)) == 4
    assert len(batch_names()) == 4


def test_variants_that_wait_for_answers_are_all_asked_first(say):
    words = ["ablate", "softmax", "--llm", "mailbox", "--calls", "1"]
    words += ["--variant", f"new llm.options.folder={Path('other').absolute()}"]
    code, out, err = say(*words)
    assert code == 75
    assert "2 of 2 runs wait for answers" in err.splitlines()[-1]
    for folder, ms in ((Path(".kernelwright/mailbox"), 6.0), (Path("other"), 3.0)):
        (question,) = folder.glob("*.prompt.md")
        question.with_name(question.name.replace(".prompt.md", ".answer.md")).write_text(kernel(ms))
    code, out, _ = say(*words)
    assert code == 0
    assert re.search(r"examples/softmax +new +2\.00x modelled", out)
    assert "unknown to unknown" in out


def test_a_journal_is_read_wherever_it_lies_and_left_as_it_is(say):
    _, out, _ = say(*ablation("softmax", "layer_norm", extra=["--json"]))
    say("optimize", "softmax", "--llm", "scripted", "--set", "llm.options.file=good.json")
    shutil.copytree(".kernelwright", "away")
    before = Path("away/journal.db").read_bytes()
    for word in ("away", "away/journal.db"):
        code, told, _ = say("ablate", "--from", word, "--json")
        assert code == 0
        assert objects(told, "contrast", "pair", "stage") == objects(out, "contrast", "pair", "stage")
        assert "1 runs of no variant left out: " in objects(told, "note")[0]["message"]
    assert Path("away/journal.db").read_bytes() == before


def test_runs_and_homes_are_compared_as_they_are_named(say):
    for home, answers in (("old", "good"), ("young", "better")):
        options = ["--llm", "scripted", "--set", f"llm.options.file={answers}.json", "--home", home]
        say("batch", "softmax", "layer_norm", *options, "--set", "budget.attempts=2")
    _, out, _ = say("ablate", "--from", "old/", "young/", "--json")
    (contrast,) = objects(out, "contrast")
    assert (contrast["baseline"], contrast["variant"], contrast["ratio"]) == ("old/", "young/", pytest.approx(2.0))
    _, out, _ = say("ablate", "--from", "young", "old", "--json")
    assert objects(out, "contrast")[0]["ratio"] == pytest.approx(0.5)
    say("optimize", "softmax", "--llm", "scripted", "--set", "llm.options.file=better.json", "--home", "old")
    code, _, err = say("ablate", "--from", "young", "old")
    assert (code, len(err.splitlines())) == (2, 1)
    assert "'old' has two runs of examples/softmax that ended; name the runs or batches that count" in err
    code, out, _ = say("ablate", "--from", "batch", "young", "--home", "old", "--json")
    assert (code, objects(out, "contrast")[0]["pairs"]) == (0, 2)


def test_one_word_gives_the_stages_alone(say):
    say("optimize", "softmax", "--llm", "scripted", "--set", "llm.options.file=good.json")
    code, out, _ = say("ablate", "--from", "softmax")
    assert code == 0
    assert "what each stage brought" in out
    assert "over those of a variant" not in out


def test_runs_of_other_places_are_refused_in_one_line(say, monkeypatch):
    say("optimize", "softmax", "--llm", "scripted", "--set", "llm.options.file=good.json", "--home", "a")
    judge = Judge()
    judge.environment = Environment("emulated", "h200", judge.environment.versions)
    monkeypatch.setattr(workshop, "open_judge", lambda config: judge)
    say("optimize", "softmax", "--llm", "scripted", "--set", "llm.options.file=good.json", "--home", "b")
    code, out, _ = say("ablate", "--from", "a", "b")
    assert code == 1
    assert "a was modelled for rtx4090, b modelled for h200: such times are not compared" in " ".join(out.split())


def test_a_task_that_cannot_begin_is_told_and_the_others_are_compared(say):
    Path("mine").mkdir()
    Path("mine/good.py").write_text((DRIVER.parents[1] / "tasks/examples/softmax.py").read_text())
    Path("mine/bad.py").write_text("class Nothing: ...")
    code, out, _ = say(*ablation("mine"))
    assert code == 1
    assert "mine/bad: refused: " in out
    assert re.search(r"mine/good +new +2\.00x modelled", out)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("softmax --variant 'x polcy.name=staged'", ["--variant x", "polcy", "policy"]),
        ("softmax --variant 'x policy.options.passe=1'", ["passe", "passes"]),
        ("softmax --variant 'x llm.nam=openai'", ["--variant x", "nam", "name"]),
        ("softmax --variant 'x budget.attempts=3'", ["budget.attempts", "the same for all", "templates"]),
        ("softmax --variant 'x gpu=h200'", ["'gpu'", "the same for all"]),
        ("softmax --variant 'x templates=nowhere'", ["nowhere"]),
        ("softmax --variant 'x passes'", ["--variant x", "KEY=VALUE", "'passes'"]),
        ("softmax --variant 'passes=1'", ["a name", "'passes=1'"]),
        ("softmax --variant ''", ["a name"]),
        ("softmax --variant x --variant 'x llm=openai'", ["two variants", "'x'"]),
        ("softmax --variant baseline", ["two variants", "'baseline'"]),
        ("softmax --variant x --calls 0", ["--calls", "above 0"]),
        ("softmax", ["--variant"]),
        ("sofmax --variant x", ["sofmax", "softmax"]),
        ("--from nowhere.db", ["no journal", "nowhere.db"]),
        ("--from nowhere", ["no runs in"]),
        ("--from good.json", ["good.json", "no journal"]),
        ("--from other.db", ["other.db", "no journal"]),
        ("--from good.json --variant x", ["--from", "--variant"]),
        ("--from good.json --calls 3", ["--from"]),
    ],
)
def test_wrong_use_is_one_line_and_asks_nobody(say, words, said):
    with sqlite3.connect("other.db") as other:
        other.execute("CREATE TABLE things (name TEXT)")
    code, out, err = say("ablate", *shlex.split(words))
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    for word in said:
        assert word in err
    assert not Path(".kernelwright").exists()


def test_runs_without_a_common_task_are_refused(say):
    for task in ("softmax", "layer_norm"):
        say("optimize", task, "--llm", "scripted", "--set", "llm.options.file=good.json")
    code, _, err = say("ablate", "--from", "softmax", "layer_norm")
    assert code == 2
    assert "'softmax' and 'layer_norm' have no task in common" in err
    assert "did you mean" in say("ablate", "--from", "sofmax")[2]

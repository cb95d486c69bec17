"""The command line: what each command does, says and returns; judged by a fake, asked of a script."""

import json
import os
import pty
import re
import select
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cli_driver import Judge
from fakes import PLAN, kernel

from agent import workshop
from agent.cli import run
from sandbox.codec import encode
from sandbox.evaluation import BaselineName

DRIVER = Path(__file__).parents[1] / "cli_driver.py"
TASK = "conv2d_min_add_scale"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """An empty folder to work in, the fake judge, and no settings from outside."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(workshop, "open_judge", lambda config: Judge())
    for name in [name for name in os.environ if name.startswith("KERNELWRIGHT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


@pytest.fixture
def say(capsys):
    """Runs a command line in this process; gives its exit code, stdout and stderr."""

    def said(*arguments):
        code = run(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err.replace("JUDGE CLOSED\n", "")

    return said


def script(*answers, name="answers.json"):
    """Options that let a script of kernels be the model: no plan is asked for."""
    Path(name).write_text(json.dumps(answers))
    return ["--llm", "scripted", "--set", f"llm.options.file={name}", "--set", "policy.options.plans=0"]


def objects(text):
    return [json.loads(line) for line in text.splitlines()]


GOOD = (kernel(), kernel(8.0), kernel(6.0))


def test_a_run_ends_with_its_table_its_kernel_and_its_place_on_the_board(say):
    code, out, err = say("optimize", TASK, *script(*GOOD))
    assert code == 0
    assert out.startswith("judging: emulated for rtx4090 (")
    assert "times are modelled; candidates are not kept from: files" in out.replace("\n", " ")
    assert "2.00x modelled" in out
    assert "1 of 1, examples/conv2d_min_add_scale 2.00x modelled by this run" in out
    kernel_file = Path(re.search(r"kernel +(\S+)", out)[1])
    assert kernel_file.read_text().startswith("class ModelNew:\n    '6.0 ms")
    assert kernel_file.is_relative_to(Path(".kernelwright").resolve() / "kernels")
    assert "#2 grid from #1: correct; 2.00x modelled" in err


def test_a_stage_is_left_out_by_name(say):
    _, _, err = say("optimize", TASK, *script(*GOOD), "--set", "without=grid")
    assert "#2 tiling from #1: correct" in err
    code, _, err = say("optimize", TASK, *script(*GOOD), "--set", "without=gird")
    assert code == 2
    assert "no stage 'gird'; did you mean 'grid'?" in err
    code, _, err = say("optimize", TASK, *script(*GOOD), "--set", "without=seed")
    assert code == 2
    assert "needs a stage of kind seed" in err


def test_a_run_that_finds_nothing_correct_returns_1(say):
    code, out, _ = say("optimize", TASK, *script(kernel(), "no code"))
    assert code == 1
    assert "nothing correct found" in out


def test_a_past_prompt_is_shown_in_the_words_of_today(say):
    say("optimize", TASK, *script(*GOOD))
    asked = objects(say("show", "--attempt", "2", "--json")[1])[0]["prompt"]
    again = objects(say("show", "--attempt", "2", "--reworded", "--json")[1])[0]
    assert again["stage"] == "grid"
    assert (again["system"], again["user"]) == (asked["system"], asked["user"])
    Path("mine/stages").mkdir(parents=True)
    Path("mine/stages/grid.j2").write_text(
        '+++\nkind = "improve"\ntitle = "Mine"\n+++\nBetter than #{{ scene.parent.number }}.\n'
    )
    for named in (("--set", "templates=mine"), ("--templates", "mine")):
        assert "Better than #1." in say("show", "--attempt", "2", "--reworded", *named)[1]


def test_a_folder_of_words_is_named_before_or_after_the_command_and_what_nobody_reads_there_is_refused(say):
    Path("mine/stages").mkdir(parents=True)
    Path("mine/stages/mine.j2").write_text('+++\nkind = "improve"\ntitle = "Own words"\n+++\nFaster.\n')
    for words in (["--templates", "mine", "list", "stages"], ["list", "stages", "--templates", "mine", "--json"]):
        code, out, _ = say(*words)
        assert code == 0
        assert "Own words" in out
    Path("mine/grid.j2").write_text("Nobody reads this.")
    code, out, err = say("prompt", TASK, "--stage", "seed", "--templates", "mine")
    assert (code, out) == (2, "")
    assert "mine/grid.j2:1: nothing reads it" in err


def test_objects_for_programs_tell_start_attempts_and_end(say):
    code, out, _ = say("--json", "optimize", TASK, *script(*GOOD))
    start, *attempts, end = objects(out)
    assert code == 0
    assert (start["event"], start["place"], start["gpu"]) == ("start", "emulated", "rtx4090")
    assert [each["verdict"] for each in attempts] == ["wrong", "correct", "correct"]
    assert [each["best"] and each["best"]["number"] for each in attempts] == [None, 1, 2]
    assert (end["event"], end["attempts"], end["best"]["speedup"], end["best"]["source"]) == ("end", 3, 2.0, "modelled")
    assert Path(end["kernel"]).exists()
    assert end["reason"]


def test_global_options_hold_before_and_after_the_command(say):
    say("--home", "a", "optimize", TASK, *script(*GOOD))
    say("optimize", TASK, *script(*GOOD), "--home", "b", "--json")
    assert Path("a/journal.db").exists()
    assert Path("b/journal.db").exists()
    assert not Path(".kernelwright").exists()


def test_the_home_of_the_environment_is_used_unless_another_is_named(say, monkeypatch):
    monkeypatch.setenv("KERNELWRIGHT_HOME", "env")
    say("optimize", TASK, *script(*GOOD))
    assert Path("env/journal.db").exists()


def test_a_kernel_that_the_user_brings_is_the_first_attempt(say):
    Path("mine.py").write_text("class ModelNew: '5.0 ms'")
    _, out, _ = say("optimize", TASK, "--from", "mine.py", *script(kernel(4.0)), "--json")
    assert [each["stage"] for each in objects(out)[1:-1]] == ["given", "grid"]


def test_resume_without_anything_unfinished_repeats_the_last_end(say):
    code, out, _ = say("optimize", TASK, *script(kernel()), "--json")
    end = objects(out)[-1]
    assert (say("resume", "--json")[:2]) == (code, json.dumps(end) + "\n")
    assert "nothing correct found" in say("resume")[1]


def test_a_run_that_waits_returns_75_and_goes_on_when_its_answer_is_there(say):
    code, out, err = say("optimize", TASK, "--llm", "mailbox", "--set", "budget.attempts=1")
    assert code == 75
    assert err.count("\n") == len(err.splitlines())
    line = err.splitlines()[-1]
    assert "; go on with: kernelwright resume " in line
    (question,) = Path(".kernelwright/mailbox").glob("*.prompt.md")
    question.with_name(question.name.replace(".prompt.md", ".answer.md")).write_text(kernel(4.0))
    code, out, _ = say(*line.split("go on with: kernelwright ")[1].split())
    assert code == 0
    assert "3.00x modelled" in out


def test_a_batch_stops_for_no_task_and_returns_1_where_one_has_nothing(say):
    code, out, _ = say("batch", "examples/*norm*", *script(kernel()), "--set", "budget.attempts=1", "--json")
    ends = [each for each in objects(out) if each["event"] == "end"]
    assert code == 1
    assert len(ends) > 2
    assert all(end["best"] is None for end in ends)


def test_a_batch_in_which_every_task_has_a_kernel_returns_0(say):
    code, out, _ = say("batch", "softmax", "layer_norm", *script(kernel(3.0)), "--set", "budget.attempts=1")
    assert code == 0
    assert out.count("4.00x modelled") == 2


def test_a_batch_waits_once_for_all_its_tasks_and_is_resumed_as_one(say):
    options = ["--llm", "mailbox", "--set", "budget.attempts=1"]
    code, _, err = say("batch", "softmax", "layer_norm", *options)
    questions = list(Path(".kernelwright/mailbox").glob("*.prompt.md"))
    assert (code, len(questions)) == (75, 2)
    assert "2 of 2 tasks wait" in err.splitlines()[-1]
    for question in questions:
        question.with_name(question.name.replace(".prompt.md", ".answer.md")).write_text(kernel(4.0))
    code, out, _ = say("resume")
    assert code == 0
    assert out.count("3.00x modelled") == 2


def test_a_batch_refuses_the_tasks_that_cannot_begin_and_does_the_others(say):
    Path("mine").mkdir()
    Path("mine/good.py").write_text((DRIVER.parents[1] / "tasks/examples/softmax.py").read_text())
    Path("mine/bad.py").write_text("class Nothing: ...")
    options = [*script(kernel(3.0)), "--set", "budget.attempts=1", "--json"]
    code, out, _ = say("batch", "mine", *options)
    failed = [each for each in objects(out) if each["event"] == "failed"]
    assert code == 1
    assert [each["task"] for each in failed] == ["mine/bad"]
    assert "Model" in failed[0]["message"]
    assert [each["best"]["speedup"] for each in objects(out) if each["event"] == "end"] == [4.0]
    assert say("batch", "mine/bad.py", *options)[0] == 2


@pytest.mark.parametrize(("source", "code", "verdict"), [("'4.0 ms'", 0, "correct"), ("'verdict wrong'", 1, "wrong")])
def test_evaluate_says_the_verdict_and_returns_it(say, source, code, verdict):
    Path("k.py").write_text(f"class ModelNew: {source}")
    found, out, _ = say("evaluate", TASK, "k.py", "--json")
    record = json.loads(out)
    assert (found, record["verdict"]) == (code, verdict)
    if code == 0:
        assert (record["speedup"], record["times"]["median_ms"], record["eager"]["source"]) == (3.0, 4.0, "modelled")
    assert verdict in say("evaluate", TASK, "k.py")[1]


@pytest.mark.parametrize(
    ("words", "baselines", "labels"),
    [
        ([], tuple(BaselineName), True),
        (["--baselines", "eager"], (BaselineName.EAGER,), True),
        (["--baselines", ""], (), True),
        (["--set", "measure.labels=false", "--set", 'measure.baselines=["compile"]'], (BaselineName.COMPILE,), False),
    ],
)
def test_evaluate_looks_at_everything_unless_it_is_told_otherwise(say, monkeypatch, words, baselines, labels):
    opened = []
    monkeypatch.setattr(workshop, "open_judge", lambda config: opened.append(config) or Judge())
    Path("k.py").write_text("class ModelNew: '4.0 ms'")
    assert say("evaluate", TASK, "k.py", *words)[0] == 0
    assert (opened[0].measure.baselines, opened[0].measure.labels) == (baselines, labels)


def test_a_baseline_that_there_is_not_is_refused_with_those_that_there_are(say):
    Path("k.py").write_text("class ModelNew: '4.0 ms'")
    code, _, err = say("evaluate", TASK, "k.py", "--baselines", "eagr")
    assert code == 2
    assert "no 'eagr'; there are eager, compile, compile-max-autotune" in err


def test_prompt_prints_what_would_be_sent(say):
    _, out, _ = say("prompt", "softmax", "--stage", "seed", "--gpu", "h200", "--json")
    record = json.loads(out)
    assert "H200" in record["system"] + record["user"]
    assert "torch.softmax" in record["user"]
    assert record["user"] in say("prompt", "softmax", "--stage", "seed", "--gpu", "h200")[1]


def test_a_prompt_too_long_for_its_limit_is_refused_and_says_by_how_much(say):
    code, _, err = say("prompt", "softmax", "--stage", "seed", "--gpu", "h200", "--set", "prompt_tokens=50")
    assert code == 2
    assert "prompt_tokens allows 50" in err
    assert err.count("\n") == 1
    assert say("prompt", "softmax", "--stage", "seed", "--set", "prompt_tokens=0")[0] == 2


def test_prompt_shows_the_kernel_and_its_counters(say):
    Path("k.py").write_text("class ModelNew: 'mine, all mine'")
    counters = {"k": {"dram__throughput.avg.pct_of_peak_sustained_elapsed": 12.345}}
    Path("c.json").write_text(json.dumps(counters))
    _, out, _ = say("prompt", "softmax", "--stage", "memory", "--kernel", "k.py", "--counters", "c.json")
    assert "mine, all mine" in out
    assert "12.3" in out


def test_the_board_and_the_story_are_there_afterwards(say):
    say("optimize", TASK, *script(*GOOD))
    code, out, _ = say("leaderboard")
    assert code == 0
    assert "rtx4090, modelled" in out
    assert "fast_1 100%" in out
    assert [each["speedup"] for each in objects(say("leaderboard", "--json")[1])] == [2.0]
    told = say("show")[1]
    assert "best kernel, attempt #2" in told
    assert "6.0 ms" in told
    attempt = say("show", "conv2d", "--attempt", "1")[1]
    assert "prompt, user" in attempt
    assert kernel(8.0).splitlines()[2] in attempt
    assert [each["event"] for each in objects(say("show", "--json")[1])] == ["start", *["attempt"] * 3, "end"]


@pytest.mark.parametrize("what", ["tasks", "gpus", "stages", "policies", "llms"])
def test_everything_that_can_be_named_can_be_listed(say, what):
    code, out, _ = say("list", what, "--json")
    expected = {
        "tasks": "examples/softmax",
        "gpus": "rtx4090",
        "stages": "seed",
        "policies": "staged",
        "llms": "openai",
    }
    assert code == 0
    assert expected[what] in [next(iter(each.values())) for each in objects(out)]
    assert expected[what] in say("list", what)[1]


def test_doctor_says_whether_kernels_can_be_judged(say):
    code, out, _ = say("doctor", "--json")
    assert code == (0 if all(each["state"] != "missing" for each in objects(out)) else 2)
    assert "place" in say("doctor")[1]


def test_verbose_says_who_set_what(say):
    _, _, err = say("list", "policies", "--verbose", "--set", "budget.usd=2")
    assert "budget.usd = 2 (--set)" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("optimize", ["TASK"]),
        ("optimise softmax", ["optimise", "optimize"]),
        ("optimize softmax --gppu h200", ["--gppu", "--gpu"]),
        ("optimize sofmax", ["sofmax", "softmax"]),
        ("optimize softmax --llm opnai", ["opnai", "openai"]),
        ("optimize softmax --policy stagd", ["stagd", "staged"]),
        ("optimize softmax --set polcy.name=x", ["polcy", "policy"]),
        ("optimize softmax --set policy.options.repair=2", ["repair", "repairs"]),
        ("optimize softmax --from none.py", ["none.py"]),
        ("optimize softmax --config none.toml", ["none.toml"]),
        ("optimize softmax --set templates=nowhere", ["nowhere"]),
        ("optimize softmax --llm openai --model gpt-5", ["OPENAI_API_KEY"]),
        ("batch 'nothing*'", ["nothing*"]),
        ("prompt softmax --stage memry", ["memry", "memory"]),
        ("prompt softmax --stage memory", ["memory", "--kernel"]),
        ("prompt softmax --stage seed --kernel k.py", ["seed", "--kernel"]),
        ("prompt softmax --stage seed --counters c.json", ["'seed' starts from no kernel: leave --counters out"]),
        ("prompt softmax --stage seed --plan plan.json", ["'seed' carries out no plan: leave --plan out"]),
        ("prompt softmax --stage memory --kernel a.py --plan plan.json", ["'memory' carries out no plan"]),
        ("prompt softmax --stage rewrite --kernel a.py", ["'rewrite' carries out a plan: name one with --plan"]),
        ("prompt softmax --stage memory --kernel a.py --kernel b.py", ["one kernel, and --kernel names 2"]),
        ("prompt softmax --stage combine --kernel a.py", ["'combine' starts from two kernels, and --kernel names 1"]),
        ("prompt softmax --stage combine" + 3 * " --kernel a.py", ["two kernels, and --kernel names 3"]),
        ("show --record kept --attempt 1", ["--record", "--attempt"]),
        ("show --record kept --reworded", ["--record", "--reworded"]),
        ("show --reworded", ["--reworded wants --attempt N: which prompt?"]),
        ("prompt softmax --stage seed --gpu rtx4091", ["rtx4091", "rtx4090"]),
        ("prompt softmax --stage memory --kernel none.py", ["none.py"]),
        ("evaluate softmax none.py", ["kernelwright: none.py: no such file or directory\n"]),
        ("list task", ["task", "tasks"]),
        ("leaderboard", [".kernelwright", "kernelwright optimize TASK"]),
        ("resume", [".kernelwright", "kernelwright optimize TASK"]),
        ("show x", [".kernelwright"]),
    ],
)
def test_wrong_use_is_one_line_that_says_what_there_is_instead(say, monkeypatch, words, said):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    code, out, err = say(*shlex.split(words))
    assert code == 2
    assert out == ""
    assert len(err.splitlines()) == 1
    assert err.startswith("kernelwright: ")
    for word in said:
        assert word in err
    assert not Path(".kernelwright").exists()


@pytest.mark.parametrize(("content", "said"), [(b"\xff\xfe", "not UTF-8: "), (b" \n", "is empty, and a kernel was ")])
@pytest.mark.parametrize("words", ["evaluate softmax it.py", "prompt softmax --stage memory --kernel it.py"])
def test_a_kernel_that_is_none_is_named(say, words, content, said):
    Path("it.py").write_bytes(content)
    code, out, err = say(*words.split())
    assert (code, out) == (2, "")
    assert err.startswith(f"kernelwright: it.py: {said}")


def test_a_task_without_recordings_is_refused_with_the_way_out(say):
    Path("mine.py").write_text(Path(DRIVER.parents[1] / "tasks/examples/softmax.py").read_text())
    code, _, err = say("optimize", "mine.py")
    assert code == 2
    assert "--llm" in err


def test_an_attempt_that_was_not_made_is_refused_with_those_that_were(say):
    say("optimize", TASK, *script(*GOOD))
    code, _, err = say("show", "--attempt", "9")
    assert code == 2
    assert "0 to 2" in err


def test_help_shows_an_example_of_every_command(say):
    commands = re.findall(r"^│ (\w+) ", say("--help")[1], re.MULTILINE)
    assert {"optimize", "batch", "resume", "evaluate", "prompt", "leaderboard", "show", "doctor", "list"} <= set(
        commands
    )
    for name in commands:
        assert f"Example: kernelwright {name}" in say(name, "--help")[1]


def test_no_word_and_the_version_are_no_wrong_use(say):
    assert say()[0] == 0
    assert re.fullmatch(r"kernelwright \d+\.\d+\.\d+\n", say("--version")[1])


def start(*arguments, **options):
    """Start the command line as a process of its own."""
    return subprocess.Popen(
        [sys.executable, str(DRIVER), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


def test_help_and_lists_import_nothing_heavy():
    program = (
        "import sys; from agent.cli import run; run(['--help']); run(['list', 'gpus']);"
        "sys.exit(sorted({'torch', 'triton', 'openai', 'numpy'} & set(sys.modules)) != [])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=DRIVER.parents[1], check=False)
    assert done.returncode == 0


def test_ctrl_c_stops_the_judge_says_how_to_go_on_and_loses_nothing(say):
    answers = [kernel(8.0), kernel(4.0, salt="hang")]
    words = ["optimize", TASK, *script(*answers), "--set", "budget.attempts=2"]
    process = start(*words, env={**os.environ, "JUDGE_HANGS": "1"})
    for line in process.stderr:
        if "JUDGING FOR EVER" in line:
            break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "JUDGE CLOSED" in err
    command = err.splitlines()[-1].split("go on with: kernelwright ")[1]
    code, out, _ = say(*command.split(), "--json")
    assert code == 0
    assert [each["number"] for each in objects(out) if each["event"] == "attempt"] == [1]
    assert objects(out)[-1]["best"]["speedup"] == 3.0


def test_a_bug_of_ours_shows_its_traceback_and_returns_70():
    process = start("optimize", TASK, *script(kernel(8.0, salt="bug")))
    out, err = process.communicate(timeout=60)
    assert process.returncode == 70
    assert "ZeroDivisionError: a bug of ours" in err
    assert "JUDGE CLOSED" in err


def test_a_reader_that_goes_away_sees_no_traceback():
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen(
        [sys.executable, str(DRIVER), "list", "gpus"], stdout=writer, stderr=subprocess.PIPE, text=True
    )
    os.close(writer)
    _, err = process.communicate(timeout=60)
    assert err == ""
    assert process.returncode == 141


def test_a_full_disk_under_stdout_is_one_line():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, str(DRIVER), "list", "gpus"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr == "kernelwright: no space left on device\n"


def test_a_terminal_shows_a_live_display_and_keeps_a_readable_end():
    """The last screen of 80 columns holds the table and the end, and nothing of the display."""
    leader, follower = pty.openpty()
    terminal = {**os.environ, "COLUMNS": "80", "TERM": "xterm"}
    words = [sys.executable, str(DRIVER), "optimize", TASK, *script(*GOOD)]
    process = subprocess.Popen(words, stdin=follower, stdout=follower, stderr=follower, env=terminal)
    os.close(follower)
    seen = read_all(leader)
    assert process.wait(timeout=60) == 0
    assert "\x1b[?25l" in seen  # the cursor is hidden while the display runs
    assert seen.rindex("\x1b[?25h") > seen.rindex("\x1b[?25l")
    end = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen[seen.rindex("\x1b[?25h") :])
    assert "2.00x modelled" in end
    assert "elapsed" not in end
    lines = [line.strip("\r") for line in end.split("\n")]
    table = lines[: next(i for i, line in enumerate(lines) if line.startswith("best "))]
    assert [line for line in table if len(line) > 80] == []


def read_all(descriptor):
    """Everything that is written to a terminal until its last user closes it."""
    seen = b""
    while select.select([descriptor], [], [], 60)[0]:
        try:
            chunk = os.read(descriptor, 1 << 16)
        except OSError:  # Linux says EIO where others say end of file
            break
        if not chunk:
            break
        seen += chunk
    os.close(descriptor)
    return seen.decode()


def test_the_questions_that_start_from_a_plan_or_two_kernels_can_be_shown(say):
    Path("one.py").write_text("class ModelNew: 'one'\n")
    Path("two.py").write_text("class ModelNew: 'two'\n")
    Path("plan.json").write_text(json.dumps(encode(PLAN)))
    asked = ["prompt", "softmax", "--kernel", "one.py"]
    code, out, _ = say(*asked, "--stage", "rewrite", "--plan", "plan.json")
    assert code == 0
    assert "New algorithm: Read once." in out
    code, out, _ = say(*asked, "--stage", "combine", "--kernel", "two.py")
    assert code == 0
    assert out.index("class ModelNew: 'one'") < out.index("class ModelNew: 'two'")
    code, _, err = say(*asked, "--stage", "rewrite", "--plan", "two.py")
    assert code == 2
    assert err == "kernelwright: two.py: no JSON object\n"

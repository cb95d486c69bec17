"""What a person reads: it fits, it marks what is modelled, and it prints a model's words as they are."""

import io
import json
import re
from dataclasses import replace

import pytest
from fakes import EMULATED, TASK, correct
from rich.console import Console

from agent import json_lines, report, story, words
from agent.attempt import Attempt, Proposal
from agent.batch import Failed, Finished, Waiting
from agent.budget import Budget
from agent.config import Place
from agent.events import Asked, AttemptMade, Replied, RunEnded, WorkBegan
from agent.history import History, Spent
from agent.leaderboard import boards
from agent.llm import Move, Reply, Usage
from agent.progress import Display, Lines
from prompts.library import Prompt
from sandbox.comparison import Comparison, Outcome
from sandbox.evaluation import (
    Baseline,
    BaselineName,
    Candidate,
    Environment,
    Errors,
    Evaluation,
    Source,
    Timing,
    Verdict,
)
from sandbox.gpu import gpu_named
from sandbox.labels import Label, LabelKind

LONG = "CompilationError: at 12:8: [bold] is not defined " * 5
MOVE = Move(TASK.id, "grid", (), 0)


def attempt(number, evaluation, comparison=None, stage="grid", parents=()):
    reply = Reply("an answer with [brackets]", usage=Usage(1000, 200, 0.01), model="gpt")
    return Attempt(
        number,
        Proposal(stage, parents),
        MOVE,
        Prompt("the system", "the user"),
        reply,
        Candidate(f"code {number}"),
        evaluation,
        comparison,
    )


@pytest.fixture
def history():
    faster = Comparison(Outcome.FASTER, 1.5, 1.4, 1.6)
    made = [
        attempt(0, Evaluation(Verdict.BROKEN, f"Traceback\n{LONG}"), stage="seed"),
        attempt(1, correct(8.0), stage="repair", parents=(0,)),
        attempt(2, correct(6.0), faster, parents=(1,)),
    ]
    history = History(TASK, environment=EMULATED, ended="all 3 attempts made", worked_s=75.0)
    for each in made:
        history = history.plus(each)
    return history


def printed(call, *arguments, width=80, terminal=False):
    stream = io.StringIO()
    call(Console(file=stream, width=width, force_terminal=terminal, highlight=False), *arguments)
    return re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_of_attempts_fits_and_says_every_verdict_and_ratio(history, width):
    text = printed(lambda console: console.print(report.attempts(history)), width=width)
    assert all(len(line) <= width for line in text.splitlines())
    for word in ("seed", "broken", "repair", "#0", "correct", "8 ms", "1.50x modelled", "2.00x modelled", "best"):
        assert word in text


def test_a_ratio_of_modelled_times_is_marked_wherever_it_stands(history):
    board = boards({"run-1": history})[0]
    told = [
        printed(report.ending, "run-1", history, None, board),
        printed(report.board, board),
        printed(report.judgement, history.best.evaluation),
        printed(story.of_run, "run-1", history, None),
        printed(report.summary, {"run-1": Finished("run-1", history)}, {"run-1": history}, {}),
    ]
    for text in told:
        ratios = re.findall(r"2\.00x.{9}", text.replace("\n", " "))
        assert ratios
        assert all(ratio == "2.00x modelled" for ratio in ratios)


def test_a_measured_ratio_is_not_called_modelled():
    times = (Timing((ms,), Source.MEASURED) for ms in (2.0, 3.0))
    assert words.speedup_of(Evaluation(Verdict.CORRECT, timing=next(times), eager=next(times))) == "1.50x"


def test_the_end_names_the_best_the_file_the_place_on_the_board_and_the_price(history, tmp_path):
    text = printed(report.ending, "run-1", history, tmp_path / "x-best.py", boards({"run-1": history})[0])
    assert f"kernel      {tmp_path / 'x-best.py'}\n" in text
    assert "#2, 2.00x modelled (6 ms, eager 12 ms)" in text
    assert "1 of 1, examples/softmax 2.00x modelled by this run" in text
    assert "3,000 tokens in, 600 out; $0.03; 1:15 of work" in text
    assert "all 3 attempts made" in text


def test_a_models_words_are_no_markup(history):
    assert "[bold] is not defined" in printed(lambda console: console.print(report.attempts(history)), width=300)
    assert "an answer with [brackets]" in printed(story.of_attempt, history.attempts[0])


def test_a_batch_says_why_each_task_stopped(history):
    results = {"a": Finished("a", history), "b": Waiting("b", "put it there", 0), "c": Failed("c", "no judge")}
    text = printed(report.summary, results, dict.fromkeys("abc", history), {"examples/d": "no recording"}, width=120)
    for word in ("all 3 attempts made", "put it there", "failed: no judge", "examples/d", "refused: no recording"):
        assert word in text


def test_a_judgement_says_errors_and_spread():
    timing, eager = (Timing(tuple(base + i / 10 for i in range(30)), Source.MEASURED) for base in (1.0, 4.0))
    errors = Errors(1e-6, 3e-6, 2e-6, 4e-6, allclose=True)
    text = printed(
        report.judgement, Evaluation(Verdict.CORRECT, "", errors, timing, eager, notes=("by name",)), width=200
    )
    for word in ("correct", "measured", "30 runs", "1e-06 of 3e-06 allowed", "allclose passes", "by name"):
        assert word in text


def test_the_first_line_says_place_target_reason_and_what_is_open():
    emulated = Environment("emulated", "rtx4090", "", ("network", "files"))
    line = words.judging(emulated, gpu_named("rtx4090"), Place.EMULATED)
    assert line == (
        "judging: emulated for rtx4090 (as asked); times are modelled; candidates are not kept from: network, files"
    )
    card = Environment("cuda", "NVIDIA H200", "")
    assert words.judging(card, gpu_named("h200"), Place.AUTO) == "judging: cuda on NVIDIA H200; times are measured"


@pytest.mark.parametrize(
    ("spent", "words_"),
    [
        (Spent(10, 20, 0.5), "$0.50"),
        (Spent(10, 20, 0.0), "free"),
        (Spent(10, 20, 0.5, unpriced=2), "$0.50 and 2 replies of unknown price"),
        (Spent(10, 20, 0.0, unpriced=2), "2 replies of unknown price"),
        (Spent(10, 20, 0.5, possibly_paid=1), "1 lost call possibly paid"),
    ],
)
def test_a_price_that_is_not_known_is_said_to_be_so(spent, words_):
    assert words_ in words.cost(spent)


@pytest.mark.parametrize(("seconds", "said"), [(0, "0:00"), (61, "1:01"), (3599.6, "1:00:00"), (3723, "1:02:03")])
def test_durations(seconds, said):
    assert words.duration(seconds) == said


@pytest.mark.parametrize(
    ("ms", "said"), [(0.01234, "0.0123 ms"), (1.8449, "1.84 ms"), (99.96, "100 ms"), (1234.5, "1234 ms")]
)
def test_milliseconds(ms, said):
    assert words.milliseconds(ms) == said


def test_the_time_left_is_the_nearer_of_pace_and_limit(history):
    assert words.left(Budget(attempts=5), history, 75.0) == "at most 0:50 left"
    assert words.left(Budget(attempts=5, minutes=1.5), history, 75.0) == "at most 0:15 left"
    assert words.left(Budget(), History(TASK), 0.0) == ""


def test_lines_for_a_log_name_the_stage_and_its_outcome(history):
    stream = io.StringIO()
    lines = Lines(Console(file=stream, width=40), Budget(attempts=5))
    lines("run-1", AttemptMade(history.attempts[2]), history)
    (line,) = stream.getvalue().splitlines()
    assert line.startswith("#2 grid from #1: correct; 2.00x modelled; best 2.00x modelled (#2); 3 of 5 attempts")


def test_a_frame_of_the_display_says_what_happens_now_for_how_long_and_what_is_left(history):
    now = [100.0]
    display = Display(Console(), Budget(attempts=5), clock=lambda: now[0])
    asking = replace(history, proposed=(Proposal("memory", (2,)),), proposed_from=3)
    display("run-1", Asked(MOVE, Prompt("", "")), asking)
    now[0] += 7
    frame = printed(lambda console: console.print(display))
    assert "memory from #2: asking  0:07" in frame
    assert "best 2.00x modelled (#2) · 3 of 5 attempts, $0.03 of $5.00" in frame
    assert "1:22 elapsed, at most 0:50 left" in frame
    assert all(len(line) <= 80 for line in frame.splitlines())
    display("run-1", Replied(MOVE, Reply("")), asking)
    assert "memory from #2: judging  0:00" in printed(lambda console: console.print(display))


def test_a_frame_of_a_batch_counts_its_tasks(history):
    display = Display(Console(), Budget(), tasks=5)
    display("run-1", RunEnded("enough"), history)
    display("run-2", WorkBegan(), History(replace(TASK, id="examples/other")))
    assert "examples/other · 2 of 5 tasks, 1 with a kernel" in printed(lambda console: console.print(display))


def test_a_long_run_shows_its_latest_attempts_on_a_small_terminal(history):
    for number in range(3, 40):
        history = history.plus(attempt(number, Evaluation(Verdict.WRONG)))
    frame = printed(lambda console: console.print(report.attempts(history, last=5)))
    assert "35 earlier" in frame
    assert " 39 " in frame.replace("39", " 39 ")
    assert len(frame.splitlines()) < 12


def test_objects_for_programs_are_json_and_keep_the_source_beside_the_ratio(history):
    record = json.loads(json_lines.line(json_lines.attempt("run-1", history, history.attempts[2])))
    assert (record["event"], record["number"], record["verdict"]) == ("attempt", 2, "correct")
    assert (record["speedup"], record["source"]) == (2.0, "modelled")
    assert record["best"] == {
        "number": 2,
        "digest": history.best.candidate.digest,
        "speedup": 2.0,
        "source": "modelled",
    }
    end = json.loads(json_lines.line(json_lines.end("run-1", History(TASK), None)))
    assert (end["event"], end["attempts"], end["best"]) == ("end", 0, None)


MEASURED = [Timing(tuple(base + i / 100 for i in range(30)), Source.MEASURED) for base in (1.0, 4.0, 2.0)]
WHOLE = Evaluation(
    Verdict.CORRECT,
    "",
    Errors(1e-6, 3e-6, 2e-6, 4e-6, True, 9e-7, 8e-7),
    *MEASURED[:2],
    baselines=(Baseline(BaselineName.MAX_AUTOTUNE, MEASURED[2]),),
    floor_ms=0.572,
    labels=(Label(LabelKind.LIBRARY_SHARE, 0.37), Label(LabelKind.DECOY, words="copy_kernel")),
)


def test_a_judgement_says_baselines_interval_floor_own_errors_and_labels():
    text = printed(report.judgement, WHOLE, width=300)
    for word in (
        "95 % interval 1.09 ms to 1.2 ms",
        "compile max 2.15 ms measured",
        "speed-up over it 1.87x",
        "50% of it reached: 0.572 ms at least",
        "(the reference's own 9e-07)",
        "library share 37%; decoy copy_kernel",
    ):
        assert word in text


def test_a_judgement_says_nothing_of_what_is_not_known():
    text = printed(report.judgement, correct(4.0), width=200)
    for word in ("floor", "labels", "compile", "interval"):
        assert word not in text


def test_an_evaluation_for_programs_holds_everything():
    record = json.loads(json_lines.line(json_lines.evaluation(WHOLE, "abc")))
    (baseline,) = record["baselines"]
    assert (baseline["name"], baseline["source"], baseline["samples"]) == ("compile-max-autotune", "measured", 30)
    assert baseline["speedup"] == pytest.approx(2.145 / 1.145)
    assert record["share_of_floor"] == pytest.approx(0.572 / 1.145)
    assert record["labels"][1] == {"kind": "decoy", "share": None, "words": "copy_kernel"}
    assert record["times"]["low_ms"] < record["times"]["median_ms"] < record["times"]["high_ms"]
    assert record["errors"]["own_max_error"] == 9e-7

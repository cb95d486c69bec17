"""A whole run with plans and combinations, asked of a script in the shipped words, and judged by a fake."""

import json
from dataclasses import asdict, replace

import pytest
from cli_driver import Judge
from fakes import EMULATED, PLAN, TASK, FakeBench, FakeLlm

from agent import json_lines, report, words
from agent.archive import histories
from agent.budget import Budget
from agent.config import RunConfig
from agent.journal import Journal
from agent.llm import Finish, Reply, ReplyPending
from agent.llm.scripted import Scripted
from agent.loop import optimize
from agent.policies import staged
from agent.rewording import reworded
from agent.run import Run, begin
from agent.tools import Tools
from prompts.library import Library
from prompts.quoting import one_line
from sandbox.evaluation import Verdict

LIBRARY = Library()
ANALYSIS = f"<think>Hm.</think>Here:\n```json\n{json.dumps(asdict(PLAN))}\n```"


def program(ms, way="plain"):
    """A reply with a program that goes its own way, and takes that long."""
    fate = "'verdict wrong'" if ms is None else f"'{ms} ms'"
    return f"```python\nclass ModelNew:\n    {fate}\n\n    def {way}(self):\n        return {ms or 0}\n```"


def run_of(home, *answers, attempts=20, bench=None, **options):
    """The history of a run, its bench, and the prompts by attempt."""
    bench = bench or FakeBench()
    tools = Tools(Scripted(answers), LIBRARY, bench)
    policy = staged.make(list(LIBRARY.stages.values()), **options)
    with Journal(home) as journal, Run(journal, begin(journal, TASK, EMULATED, config="{}")) as run:
        history = optimize(run, policy, Budget(attempts=attempts), tools)
        with Journal(home) as again:
            assert Run(again, run.id)._replayed() == history
    return history, bench


def moves(history):
    return [" ".join([a.proposal.stage, *map(str, a.proposal.parents)]) for a in history.attempts]


def test_a_run_goes_from_the_seed_over_a_plan_and_every_stage_to_a_combination(tmp_path):
    slower = program(9.0, "joined")
    answers = [program(8.0), ANALYSIS, slower, *[program(8.5)] * 3, program(4.0, "best_of_both")]
    history, bench = run_of(tmp_path, *answers, attempts=7)
    assert moves(history) == ["seed", "analyse 0", "rewrite 0 1", "grid 0", "tiling 0", "fine 0", "combine 0 2"]
    planned = history.attempts[1]
    assert (planned.plan, planned.evaluation.verdict, planned.candidate.source) == (PLAN, Verdict.PLANNED, "")
    assert history.best.number == 6
    rewriting, combining = history.attempts[2].prompt.user, history.attempts[6].prompt.user
    assert "New algorithm: Read once." in rewriting
    assert "def plain" in rewriting
    assert all(part in combining for part in ("def plain", "def joined", "takes 8 ms", "takes 9 ms"))
    assert combining.count('"sm__throughput.avg.pct_of_peak_sustained_elapsed": 1') == 2
    assert len(bench.evaluated) == 6, "a plan is not judged"


def test_a_plan_costs_an_answer_and_its_price_but_is_no_row_on_a_board(tmp_path):
    history, _ = run_of(tmp_path, program(8.0), ANALYSIS, attempts=2)
    assert history.ended == "all 2 attempts made"
    assert history.best.number == 0


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("I would use tensor cores.", "no JSON object"),
        (
            Reply('{"worthwhile": true', Finish.TRUNCATED),
            "the model was stopped before it was done; no JSON object that",
        ),
    ],
)
def test_an_unreadable_plan_says_why_and_is_asked_for_once_more(tmp_path, answer, reason):
    history, _ = run_of(tmp_path, program(8.0), answer, "None yet.", program(9.0), attempts=4)
    assert moves(history) == ["seed", "analyse 0", "analyse 0", "grid 0"]
    again = history.attempts[2]
    assert again.move.repetition == 1
    assert again.prompt.user.endswith("so that all of it fits in the reply.")
    assert f"could not be used: {one_line(history.attempts[1].evaluation.message)}." in again.prompt.user
    judged = history.attempts[1].evaluation
    assert judged.verdict is Verdict.UNREADABLE
    assert judged.message.startswith(reason)


def test_a_rewrite_that_was_cut_off_is_asked_again_with_its_plan(tmp_path):
    cut = Reply("```python\nclass ModelNew:\n    '3 ms'", Finish.TRUNCATED)
    history, _ = run_of(tmp_path, program(8.0), ANALYSIS, cut, program(5.0, "other"), attempts=4)
    assert moves(history) == ["seed", "analyse 0", "rewrite 0 1", "rewrite 0 1"]
    assert [a.proposal.again for a in history.attempts] == [False, False, False, True]
    assert history.best.number == 3
    assert "New algorithm: Read once." in history.attempts[3].prompt.user
    assert "the model was stopped before it was done" in history.attempts[3].prompt.user
    assert words.stage_of(history.attempts[3]) == "rewrite from #0, #1, asked again"
    assert json_lines.attempt("run", history, history.attempts[3])["again"]


def test_a_failed_rewrite_is_mended_with_the_code_that_failed(tmp_path):
    history, _ = run_of(tmp_path, program(8.0), ANALYSIS, program(None), program(5.0), program(6.0), attempts=5)
    assert moves(history) == ["seed", "analyse 0", "rewrite 0 1", "repair 2", "grid 3"]
    assert "analyse" not in history.attempts[3].prompt.user


def test_a_person_and_a_program_are_told_of_a_plan(tmp_path):
    history, _ = run_of(tmp_path, program(8.0), ANALYSIS, program(4.0), attempts=3)
    planned = history.attempts[1]
    assert words.note(planned) == "2.00x expected, Read once."
    assert words.note(replace(planned, plan=replace(PLAN, worthwhile=False))).startswith("no rewrite: ")
    told = json_lines.attempt("run", history, planned)
    assert json.loads(json_lines.line(told))["plan"]["algorithm"] == "Read once."
    assert told["verdict"] == "planned"
    assert report.attempts(history).columns[3]._cells[1].plain == "planned"


PENDING = ReplyPending("waiting")
BEFORE_A_COMBINATION = (program(8.0), ANALYSIS, program(9.0, "joined"), *[program(8.5)] * 3)
COUNTER = '"sm__throughput.avg.pct_of_peak_sustained_elapsed": 1'


def taken_up(home, run, llm, bench):
    """The history after one more process took the run up; None where that one stopped before the end."""
    with Journal(home) as journal, Run(journal, run) as opened:
        policy = staged.make(list(LIBRARY.stages.values()))
        try:
            return optimize(opened, policy, Budget(attempts=7), Tools(llm, LIBRARY, bench))
        except (ReplyPending, KeyboardInterrupt):
            return None


def begun(home, bench):
    with Journal(home) as journal:
        return begin(journal, TASK, bench.environment, config="{}")


def test_a_rivals_counters_are_looked_for_once_however_long_the_answer_is_awaited(tmp_path):
    bench = FakeBench()
    run = begun(tmp_path, bench)
    assert taken_up(tmp_path, run, FakeLlm(*BEFORE_A_COMBINATION, PENDING, paid=False), bench) is None
    looked = len(bench.profiled)
    assert looked == 2
    for _ in range(2):
        assert taken_up(tmp_path, run, FakeLlm(PENDING, paid=False), bench) is None
    assert len(bench.profiled) == looked
    history = taken_up(tmp_path, run, FakeLlm(program(8.5, "both"), paid=False), bench)
    assert moves(history)[-1] == "combine 0 2"
    assert len(bench.profiled) == looked


def test_a_combination_that_is_bought_again_shows_the_counters_that_were_read_before(tmp_path):
    bench = FakeBench()
    run = begun(tmp_path, bench)
    assert taken_up(tmp_path, run, FakeLlm(*BEFORE_A_COMBINATION, KeyboardInterrupt()), bench) is None
    looked = len(bench.profiled)
    history = taken_up(tmp_path, run, FakeLlm(program(8.5, "both")), bench)
    assert len(bench.profiled) == looked
    assert history.possibly_paid == 1
    assert history.attempts[6].prompt.user.count(COUNTER) == 2


def test_a_combinations_prompt_is_put_in_todays_words_with_the_counters_of_both(tmp_path):
    judge = Judge()
    run = begun(tmp_path, judge)
    history = taken_up(tmp_path, run, FakeLlm(*BEFORE_A_COMBINATION, program(8.5, "both")), judge)
    sent = history.attempts[6].prompt
    assert sent.user.count(COUNTER) == 2
    with Journal(tmp_path) as journal:
        assert reworded(histories(journal, run)[run], 6, RunConfig()) == sent

"""The table of results: what it takes from the journal, and what from the last judgement."""

import json

import pytest
from fakes import EMULATED, TASK, FakeBench, FakeLibrary, FakeLlm, correct, kernel

from agent import json_lines
from agent.budget import Budget
from agent.journal import Journal
from agent.loop import optimize
from agent.policies import staged
from agent.run import Run, begin
from agent.tools import Tools
from bench import results
from sandbox.evaluation import Baseline, BaselineName, Evaluation, Source, Timing, Verdict


@pytest.fixture
def home(tmp_path):
    library = FakeLibrary()
    tools = Tools(FakeLlm(kernel(), kernel(8.0), kernel(4.0)), library, FakeBench())
    with Journal(tmp_path) as journal, Run(journal, begin(journal, TASK, EMULATED, config="{}")) as run:
        optimize(run, staged.make(library.stages), Budget(attempts=3), tools)
    return tmp_path


def written(folder, judged):
    file = folder / "judged.jsonl"
    file.write_text(json.dumps({"task": TASK.id, **json_lines.evaluation(judged, "d")}) + "\n")
    return file


def test_a_row_tells_the_run_and_the_last_judgement(home):
    timing = Timing((6.0,), Source.MODELLED)
    judged = Evaluation(**{**fields(correct(4.0)), "baselines": (Baseline(BaselineName.COMPILE, timing),)})
    (result,) = results.read(home, written(home, judged))
    cells = [cell.strip() for cell in result.row().strip("|").split("|")]
    assert cells[:10] == [f"`{TASK.id}`", "12", "6", "–", "8 (#1)", "4", "3.00×", "1.50×", "–", "–"]
    assert (cells[10:12], cells[14]) == (["3", "2"], "grid (#2)")
    assert int(cells[12]) > 0
    page = results.page([result])
    assert "1 of 1 tasks solved." in page
    assert "Geometric mean over eager: 3.00× (1 of 1 tasks faster)." in page
    assert "No time of compile-max-autotune." in page


def test_a_best_that_fails_when_it_is_judged_again_is_in_no_mean(home):
    (result,) = results.read(home, written(home, Evaluation(Verdict.WRONG, "now")))
    assert result.ms is None
    assert "0 of 1 tasks solved." in results.page([result])


def fields(evaluation):
    return {name: getattr(evaluation, name) for name in ("verdict", "timing", "eager")}

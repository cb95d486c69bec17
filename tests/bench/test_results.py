"""The table of results: what it takes from the journal, what from the last judgement, and what it refuses."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import TASK, FakeBench, FakeLibrary, FakeLlm, correct, kernel

from agent import archive, json_lines
from agent.budget import Budget
from agent.journal import Journal
from agent.loop import optimize
from agent.policies import staged
from agent.run import Run, begin
from agent.tools import Tools
from bench import results
from bench.results import UnfitError
from sandbox.evaluation import Baseline, BaselineName, Environment, Evaluation, Source, Timing, Verdict

CARD = Environment("cuda", "Fake Card", "torch 2.11.0, triton 3.6.0, python 3.12.3")
KERNELS = (kernel(), kernel(8.0), kernel(4.0))


def measured(judged, **more):
    """The same, by a clock."""
    if not judged.correct:
        return judged
    timing, eager = (replace(each, source=Source.MEASURED) for each in (judged.timing, judged.eager))
    return replace(judged, timing=timing, eager=eager, environment=CARD, **more)


class Clock(FakeBench):
    """Measures."""

    def evaluate(self, task, candidate):
        return measured(super().evaluate(task, candidate))


def worked(folder, *answers, task=TASK, bench=None):
    """A run that ended, in a folder; its id."""
    library = FakeLibrary()
    tools = Tools(FakeLlm(*answers), library, bench or Clock(CARD))
    with Journal(folder) as journal, Run(journal, begin(journal, task, CARD, config="{}")) as run:
        optimize(run, staged.make(library.stages), Budget(attempts=len(answers)), tools)
    return run.id


@pytest.fixture
def home(tmp_path):
    worked(tmp_path, *KERNELS)
    return tmp_path


def best_of(home):
    with Journal(home) as journal:
        (history,) = archive.histories(journal).values()
    return history.best.candidate.digest


def written(folder, judged, digest, task=TASK.id):
    file = folder / "judged.jsonl"
    with file.open("a") as lines:
        lines.write(json.dumps({"task": task, **json_lines.evaluation(judged, digest)}) + "\n")
    return file


def test_a_row_tells_the_run_and_the_last_judgement(home):
    compiled = Baseline(BaselineName.COMPILE, Timing((6.0,), Source.MEASURED))
    written(home, measured(correct(5.0)), best_of(home))
    file = written(home, measured(correct(4.0), baselines=(compiled,)), best_of(home))
    (result,), left_out = results.read(home, file)
    cells = [cell.strip() for cell in result.row().strip("|").split("|")]
    assert cells[:10] == [f"`{TASK.id}`", "12", "6", "–", "8 (#1)", "4", "3.00×", "1.50×", "–", "–"]
    assert (cells[10:12], cells[14], left_out) == (["3", "2"], "grid (#2)", [])
    assert int(cells[12]) > 0
    page = results.page([result])
    assert "1 of 1 tasks solved." in page
    assert "Geometric mean over eager: 3.00× (1 of 1 tasks faster)." in page
    assert "No time of compile-max-autotune." in page


def test_a_best_that_fails_when_it_is_judged_again_is_in_no_mean(home):
    (result,), _ = results.read(home, written(home, Evaluation(Verdict.WRONG, "now"), best_of(home)))
    assert result.ms is None
    assert "0 of 1 tasks solved." in results.page([result])


def test_a_judgement_of_another_kernel_is_refused(home):
    file = written(home, measured(correct(4.0)), "0123456789abcdef")
    with pytest.raises(UnfitError, match=f"{TASK.id}: kernel 0123456789abcdef .* the best of run .* {best_of(home)}"):
        results.read(home, file)


def test_a_solved_task_that_was_not_judged_again_is_refused(home):
    file = written(home, measured(correct(4.0)), best_of(home), task="examples/another")
    with pytest.raises(UnfitError, match=f"{TASK.id}: its best kernel was not judged once more"):
        results.read(home, file)


def test_a_task_of_which_nothing_was_correct_needs_no_judgement_and_may_have_none(tmp_path):
    worked(tmp_path, kernel())
    (tmp_path / "judged.jsonl").touch()
    (result,), _ = results.read(tmp_path, tmp_path / "judged.jsonl")
    assert "nothing correct" in result.row()
    file = written(tmp_path, measured(correct(4.0)), "0123456789abcdef")
    with pytest.raises(UnfitError, match=f"{TASK.id}: its run found nothing correct"):
        results.read(tmp_path, file)


def test_a_run_that_did_not_end_is_not_counted_and_that_is_said(home):
    with Journal(home) as journal:
        begun = begin(journal, TASK, CARD, config="{}")
    with Journal(home) as journal:
        digest = next(iter(archive.histories(journal).values())).best.candidate.digest
    found, left_out = results.read(home, written(home, measured(correct(4.0)), digest))
    assert [each.ms for each in found] == [4.0]
    assert f"Not counted, for it did not end: {begun} ({TASK.id})." in results.page(found, left_out)


def test_of_two_runs_that_ended_the_later_counts(home):
    worked(home, kernel(2.0))
    with Journal(home) as journal:
        digest = list(archive.histories(journal).values())[-1].best.candidate.digest
    (result,), _ = results.read(home, written(home, measured(correct(2.0)), digest))
    assert result.row().count("(#0)") == 2


def test_times_that_are_modelled_are_refused(home):
    with pytest.raises(UnfitError, match=f"{TASK.id}: its times are modelled, not measured"):
        results.read(home, written(home, correct(4.0), best_of(home)))


def test_a_run_whose_times_are_modelled_is_refused(tmp_path):
    worked(tmp_path, *KERNELS, bench=FakeBench(CARD))
    with pytest.raises(UnfitError, match="modelled"):
        results.read(tmp_path, written(tmp_path, measured(correct(4.0)), best_of(tmp_path)))


def test_a_judgement_on_another_card_is_refused(home):
    elsewhere = replace(measured(correct(4.0)), environment=replace(CARD, gpu="Other Card"))
    with pytest.raises(UnfitError, match=f"{TASK.id}: run .* was on Fake Card, .* on Other Card"):
        results.read(home, written(home, elsewhere, best_of(home)))


@pytest.mark.parametrize("line", ["{broken", "[]", '{"task": "t"}'])
def test_a_line_that_is_no_judgement_is_named(home, line):
    file = written(home, measured(correct(4.0)), best_of(home))
    file.write_text(f"{file.read_text()}{line}\n")
    with pytest.raises(UnfitError, match=r"judged\.jsonl, line 2: "):
        results.read(home, file)


def test_a_home_without_ended_runs_is_refused(tmp_path):
    with Journal(tmp_path) as journal:
        begin(journal, TASK, CARD, config="{}")
    (tmp_path / "judged.jsonl").touch()
    with pytest.raises(UnfitError, match="no run in .* has ended"):
        results.read(tmp_path, tmp_path / "judged.jsonl")


@pytest.mark.parametrize("missing", ["home", "judged"])
def test_what_is_wrong_is_one_line_and_nothing_is_made(home, tmp_path, monkeypatch, missing):
    file = written(home, measured(correct(4.0)), best_of(home))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    given = {"home": (elsewhere, file), "judged": (home, elsewhere / "none.jsonl")}[missing]
    monkeypatch.setattr("sys.argv", ["results.py", *map(str, given)])
    with pytest.raises(SystemExit) as caught:
        results.main()
    words = {"home": "results: no journal ", "judged": "results: "}[missing]
    assert str(caught.value).startswith(words)
    assert "elsewhere" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert list(elsewhere.iterdir()) == []


def test_the_page_is_printed(home, monkeypatch, capsys):
    file = written(home, measured(correct(4.0)), best_of(home))
    monkeypatch.setattr("sys.argv", ["results.py", str(home), str(file)])
    results.main()
    assert "1 of 1 tasks solved." in capsys.readouterr().out


def test_the_page_that_is_shipped_says_of_itself_what_this_code_says():
    shipped = (Path(results.__file__).parent / "RESULTS.md").read_text().splitlines()
    first = next(at for at, line in enumerate(shipped) if line.startswith("best kernel of each run"))
    made = results.page([]).splitlines()
    said = [line for line in made[made.index(shipped[first]) :] if line and not line.startswith(("0 of", "No time"))]
    assert [line for line in shipped[first:] if line][: len(said)] == said

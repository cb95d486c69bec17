"""Queries over past runs: which there are, found by any piece of a name, and what they tried."""

import pytest
from fakes import EMULATED, STAGES, TASK, kernel, tools

from agent import archive
from agent.budget import Budget
from agent.events import RunEnded, RunStarted
from agent.journal import Journal, JournalError
from agent.loop import optimize
from agent.policies import staged
from agent.run import Run, begin


@pytest.fixture
def journal(tmp_path):
    with Journal(tmp_path, clock=iter(range(1000)).__next__) as journal:
        for run, batch in [
            ("d1-softmax-aa11", ""),
            ("d1-matmul-bb22", "d1-batch-ff00"),
            ("d1-lstm-cc33", "d1-batch-ff00"),
        ]:
            journal.append(run, TASK.id, RunStarted(TASK, "{}", EMULATED, batch))
        journal.append("d1-matmul-bb22", TASK.id, RunEnded("nothing left to try"))
        yield journal


def ids(found):
    return [run.id for run in found]


def test_runs_come_oldest_first_with_how_they_ended(journal):
    found = archive.runs(journal)
    assert ids(found) == ["d1-softmax-aa11", "d1-matmul-bb22", "d1-lstm-cc33"]
    assert [run.ended for run in found] == [None, "nothing left to try", None]
    assert [run.started_at for run in found] == [0, 1, 2]
    assert (found[0].task, found[0].environment, found[1].batch) == (TASK, EMULATED, "d1-batch-ff00")


@pytest.mark.parametrize("text", ["d1-softmax-aa11", "softmax", "aa11"])
def test_a_run_is_found_by_any_piece(journal, text):
    assert ids(archive.named(journal, text)) == ["d1-softmax-aa11"]


def test_a_run_of_a_batch_is_found_by_its_own_name(journal):
    assert ids(archive.named(journal, "lstm")) == ["d1-lstm-cc33"]


@pytest.mark.parametrize("text", ["d1-batch-ff00", "ff00", "batch"])
def test_a_batch_is_all_its_runs(journal, text):
    assert ids(archive.named(journal, text)) == ["d1-matmul-bb22", "d1-lstm-cc33"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("d1-", "could be"), ("d1-sofmax-aa11", "did you mean 'd1-softmax-aa11'"), ("zzz", "did you mean 'd1-lstm-cc33'")],
)
def test_an_unclear_or_unknown_name_says_what_there_is(journal, text, words):
    with pytest.raises(JournalError, match=words):
        archive.named(journal, text)


def test_an_empty_journal_says_so(tmp_path):
    with Journal(tmp_path) as journal, pytest.raises(JournalError, match="none yet"):
        archive.named(journal, "x")


def test_histories_are_what_the_runs_ended_with(tmp_path):
    with Journal(tmp_path) as journal:
        ends = {}
        for ms in (6.0, 4.0):
            with Run(journal, begin(journal, TASK, EMULATED, config="{}")) as run:
                ends[run.id] = optimize(run, staged.make(STAGES), Budget(), tools(kernel(ms), kernel(ms / 2)))
        assert archive.histories(journal) == ends
        last = list(ends)[-1]
        assert archive.histories(journal, last) == {last: ends[last]}

"""The Python API: the whole run in one call, journalled like any other."""

import pytest
from cli_driver import Judge
from fakes import kernel

from agent import archive, workshop
from agent.api import optimize
from agent.config import LlmChoice, RunConfig
from agent.events import AttemptMade
from agent.journal import Journal
from agent.llm import LlmError
from sandbox.evaluation import Candidate, Verdict


@pytest.fixture(autouse=True)
def judge(monkeypatch):
    monkeypatch.setattr(workshop, "open_judge", lambda config: Judge())


def scripted(*answers):
    return RunConfig(llm=LlmChoice("scripted", options={"answers": answers}))


def test_a_run_is_made_journalled_and_returned(tmp_path):
    heard = []
    history = optimize(
        "softmax",
        scripted(kernel(), kernel(6.0)),
        home=tmp_path,
        listener=lambda event, history: heard.append(event),
    )
    assert [each.evaluation.verdict for each in history.attempts] == [Verdict.WRONG, Verdict.CORRECT]
    assert history.best.evaluation.speedup == 2.0
    assert sum(isinstance(event, AttemptMade) for event in heard) == 2
    with Journal(tmp_path) as journal:
        assert list(archive.histories(journal).values()) == [history]


def test_a_kernel_to_start_from_is_judged_first(tmp_path):
    brought = Candidate("class ModelNew: '3.0 ms'")
    history = optimize("softmax", scripted(kernel(1.0)), home=tmp_path, given=brought)
    assert history.attempts[0].candidate == brought


def test_the_home_is_the_environments_where_none_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("KERNELWRIGHT_HOME", str(tmp_path / "there"))
    optimize("softmax", scripted(kernel(1.0)))
    assert (tmp_path / "there" / "journal.db").exists()


def test_a_model_that_cannot_be_asked_leaves_no_run_behind(tmp_path):
    with pytest.raises(LlmError):
        optimize("softmax", scripted(), home=tmp_path)
    assert not (tmp_path / "journal.db").exists()

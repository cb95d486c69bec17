"""A batch: what stops one task stops no other, and waiting goes on until nobody gets further."""

from dataclasses import replace

import pytest
from fakes import EMULATED, STAGES, TASK, FakeBench, FakeLibrary, FakeLlm, kernel

from agent.batch import Batch, Failed, Finished, Waiting
from agent.budget import Budget
from agent.journal import Journal, JournalError
from agent.llm import LlmError, Reply, ReplyPending
from agent.policies import staged
from agent.run import Run, begin
from agent.tools import Tools
from prompts.stage import PromptError
from sandbox.evaluation import SandboxError
from tasks.task import TaskError

TASKS = [replace(TASK, id=f"examples/{name}") for name in ("a", "b", "c")]


@pytest.fixture
def journal(tmp_path):
    with Journal(tmp_path) as journal:
        yield journal


class PostBox(FakeLlm):
    """Answers only the tasks that somebody has answered."""

    paid = False

    def __init__(self, *answered):
        super().__init__()
        self.answered = set(answered)

    def complete(self, prompt, move):
        self.asked.append((move, prompt))
        if move.task not in self.answered:
            raise ReplyPending(f"waiting for {move.task}")
        return Reply(kernel(6.0, salt=move.key))


def work(journal, llm, bench=None, budget=None):
    runs = [begin(journal, task, EMULATED, config="{}", batch="b-1") for task in TASKS]
    batch = Batch(
        journal,
        lambda _: staged.make(STAGES),
        budget or Budget(attempts=1),
        Tools(llm, FakeLibrary(), bench or FakeBench()),
    )
    return runs, batch, batch.work(runs)


@pytest.mark.parametrize("fault", [TaskError, SandboxError, LlmError, PromptError])
def test_a_fault_on_one_task_stops_no_other(journal, fault):
    class Faulty(FakeBench):
        def evaluate(self, task, candidate):
            if task.name == "b":
                raise fault("b is broken")
            return super().evaluate(task, candidate)

    runs, _, results = work(journal, FakeLlm(*[kernel(6.0)] * 3), Faulty())
    assert [type(result) for result in results] == [Finished, Failed, Finished]
    assert results[1] == Failed(runs[1], "b is broken")


def test_a_bug_is_not_taken_for_a_fault(journal):
    class Buggy(FakeBench):
        def evaluate(self, task, candidate):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work(journal, FakeLlm(kernel(6.0)), Buggy())


def test_a_failed_task_can_be_taken_up_again(journal):
    runs, batch, _ = work(journal, FakeLlm(kernel(6.0), LlmError("down"), kernel(6.0)))
    batch.tools.llm._replies.append(kernel(5.0))
    assert [type(result) for result in batch.work(runs)] == [Finished] * 3


def test_a_run_that_another_process_holds_is_left_to_it(journal):
    runs = [begin(journal, task, EMULATED, config="{}") for task in TASKS]
    batch = Batch(
        journal,
        lambda _: staged.make(STAGES),
        Budget(attempts=1),
        Tools(FakeLlm(*[kernel(6.0)] * 2), FakeLibrary(), FakeBench()),
    )
    with Run(journal, runs[0]):
        results = batch.work(runs)
    assert [type(result) for result in results] == [Failed, Finished, Finished]


def test_an_unreadable_journal_stops_the_batch(journal):
    with pytest.raises(JournalError, match="no run nope"):
        Batch(journal, lambda _: staged.make(STAGES), Budget(), Tools(FakeLlm(), FakeLibrary(), FakeBench())).work(
            ["nope"]
        )


def test_all_that_can_go_on_goes_on_and_the_rest_waits(journal):
    runs, batch, results = work(journal, PostBox("examples/b"))
    assert [type(result) for result in results] == [Waiting, Finished, Waiting]
    assert results[0] == Waiting(runs[0], "waiting for examples/a", 0)
    batch.tools.llm.answered |= {"examples/a", "examples/c"}
    assert [type(result) for result in batch.work(runs)] == [Finished] * 3


def test_the_waiting_are_asked_again_as_long_as_anybody_gets_further(journal):
    class Chained(PostBox):
        """The answer to c brings that to b, and the answer to b that to a."""

        def complete(self, prompt, move):
            reply = super().complete(prompt, move)
            self.answered.add({"examples/c": "examples/b", "examples/b": "examples/a"}.get(move.task))
            return reply

    _, _, results = work(journal, Chained("examples/c"))
    assert [type(result) for result in results] == [Finished] * 3

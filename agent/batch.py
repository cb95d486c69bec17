"""Many tasks, one after another; one that fails or waits does not stop the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.budget import Budget
from agent.history import History
from agent.home import HomeError
from agent.journal import Journal
from agent.llm import LlmError, ReplyPending
from agent.loop import optimize
from agent.policies import Policy
from agent.run import Listener, MovedError, Run, TakenError, ignore
from agent.tools import Tools
from prompts.stage import PromptError
from sandbox.evaluation import SandboxError
from tasks.task import TaskError


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that came to its end."""

    run: str
    history: History


@dataclass(frozen=True, slots=True)
class Waiting:
    """A run whose next answer is still to come."""

    run: str
    message: str
    """Where the answer is awaited."""
    attempts: int
    """How many were made so far."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A run that a machine's or its task's fault stopped; it can be taken up again."""

    run: str
    message: str


Result = Finished | Waiting | Failed


@dataclass(frozen=True, slots=True)
class Batch:
    """What all the runs have in common."""

    journal: Journal
    policy_for: Callable[[str], Policy]
    """Builds the policy of a run, given its task's id."""
    budget: Budget
    tools: Tools
    listener: Listener = ignore

    def work(self, runs: Sequence[str]) -> tuple[Result, ...]:
        """Take up every run, those that wait again and again until none gets further; raises JournalError.

        Results stand in the order of ``runs``.
        """
        results = {run: self._one(run) for run in runs}
        moved = True
        while moved:
            moved = False
            for run in [run for run, result in results.items() if isinstance(result, Waiting)]:
                before, results[run] = results[run], self._one(run)
                moved |= results[run] != before
        return tuple(results[run] for run in runs)

    def _one(self, run: str) -> Result:
        opened = Run(self.journal, run, self.listener)
        try:
            with opened:
                policy = self.policy_for(opened.history.task.id)
                return Finished(run, optimize(opened, policy, self.budget, self.tools))
        except ReplyPending as pending:
            return Waiting(run, str(pending), len(opened.history.attempts))
        except (TaskError, SandboxError, PromptError, HomeError, LlmError, TakenError, MovedError) as error:
            return Failed(run, str(error))

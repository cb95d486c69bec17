"""The heart: propose, ask, judge, remember."""

from agent.attempt import Proposal
from agent.budget import Budget
from agent.events import AttemptMade, CallLost, Event, MovesProposed, RunEnded
from agent.history import History
from agent.llm import OutOfReplies, ReplyPending
from agent.policies import Policy
from agent.run import Run
from agent.tools import Tools
from agent.turn import move_of, take_given, take_turn


def optimize(run: Run, policy: Policy, budget: Budget, tools: Tools) -> History:
    """Improve the run's task, from where it stands, until the policy has no move left or the budget is spent.

    Raises JournalError, LlmError (ReplyPending while an answer is still to come), SandboxError and PromptError where a
    machine is at fault; the run can then be taken up again, and nothing that was bought is bought again.
    """
    if run.history.ended is None:
        run.take_up(tools.bench.environment)
    while run.history.ended is None:
        run.record(next_event(run, policy, budget, tools))
    return run.history


def next_event(run: Run, policy: Policy, budget: Budget, tools: Tools) -> Event:
    """Finish what is open, else propose, else end."""
    history = run.history
    if history.given and not history.attempts:
        return AttemptMade(take_given(history.given, history, tools))
    spent = budget.exhausted_by(history)
    if history.open_moves:
        return _moved(history.open_moves[0], spent, run, tools)
    if spent:
        return RunEnded(spent)
    left = budget.attempts_left(history)
    moves = tuple(policy.propose(history, left))[:left]
    return MovesProposed(moves) if moves else RunEnded("nothing left to try")


def _moved(proposal: Proposal, spent: str | None, run: Run, tools: Tools) -> Event:
    """Make an open move; where the budget is spent, only if its question was put and its answer is there."""
    move = move_of(proposal, run.history)
    if spent and not run.memory.reply_to(move):
        if not run.memory.prompt_of(move):
            return RunEnded(spent)
        if tools.llm.paid:
            return CallLost(move)
    try:
        return AttemptMade(take_turn(proposal, run, tools))
    except OutOfReplies as error:
        return RunEnded(str(error))
    except ReplyPending:
        if spent:
            return RunEnded(spent)
        raise

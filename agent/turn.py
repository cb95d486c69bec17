"""One turn: ask the model, let the sandbox judge what it wrote, compare it with the best."""

import hashlib
from collections.abc import Callable

from agent.attempt import Attempt, Proposal
from agent.events import Asked, CallFailed, CallLost, CountersRead, Replied
from agent.history import History
from agent.llm import Finish, Llm, LlmError, Move, OutOfReplies, Reply, ReplyPending
from agent.run import Run
from agent.tools import Tools
from prompts.fitting import fitted
from prompts.library import Prompt
from prompts.mending import mended
from prompts.plan import PlanError, read_plan
from prompts.reply import extract
from prompts.scene import Exhibit, Scene
from prompts.stage import StageKind
from sandbox.comparison import Comparison
from sandbox.duel import Judged
from sandbox.evaluation import Candidate, Environment, Evaluation, Verdict
from sandbox.gpu import GpuSpec
from sandbox.metrics import NcuMetrics

GIVEN = "given"
"""Stands where a stage's name would, for a kernel that the user brought."""
PAST = 5
"""How many earlier attempts a prompt is shown besides its parents."""
_FINISHES = {
    Finish.TRUNCATED: "the model was stopped before it was done; ",
    Finish.FILTERED: "the provider withheld the answer; ",
}


def take_turn(proposal: Proposal, run: Run, tools: Tools) -> Attempt:
    """Make one move of the open round; raises LlmError, SandboxError and PromptError where a machine is at fault."""
    history = run.history
    move = move_of(proposal, history)
    prompt, reply = ask(tools.llm, lambda: _words(proposal, run, tools), move, run)
    if tools.library[proposal.stage].kind is StageKind.PLAN:
        return _planned(proposal, move, prompt, reply, len(history.attempts))
    code = extract(reply.text)
    fixed = mended(code.source or "")
    candidate = Candidate(fixed.source)
    if code.source:
        evaluation = tools.bench.evaluate(history.task, candidate)
    else:
        evaluation = Evaluation(Verdict.UNREADABLE, _FINISHES.get(reply.finish, "") + code.reason)
    evaluation, comparison, profile = _ranked(Judged(candidate, evaluation), history, tools)
    number = len(history.attempts)
    return Attempt(number, proposal, move, prompt, reply, candidate, evaluation, comparison, profile, fixed.mends)


def take_given(candidate: Candidate, history: History, tools: Tools) -> Attempt:
    """Judge a kernel that the user brought; raises SandboxError."""
    evaluation = tools.bench.evaluate(history.task, candidate)
    evaluation, comparison, profile = _ranked(Judged(candidate, evaluation), history, tools)
    number = len(history.attempts)
    return Attempt(number, Proposal(GIVEN), None, None, None, candidate, evaluation, comparison, profile)


def ask(llm: Llm, words: Callable[[], Prompt], move: Move, run: Run) -> tuple[Prompt, Reply]:
    """Return the words that were sent and the answer, from memory if it ever arrived; raises LlmError.

    ``words`` is called only where none stand yet: a run that waits is taken up many times, and words may cost a look
    at the card.
    """
    asked, reply = run.memory.prompt_of(move), run.memory.reply_to(move)
    if asked and reply:
        return asked, reply
    if asked and llm.paid:
        run.record(CallLost(move))
        asked = None
    prompt = asked or words()
    if not asked:
        run.record(Asked(move, prompt))
    try:
        reply = llm.complete(prompt, move)
    except (ReplyPending, OutOfReplies):
        raise
    except LlmError as error:
        run.record(CallFailed(move, str(error)))
        raise
    run.record(Replied(move, reply))
    return prompt, reply


def move_of(proposal: Proposal, history: History) -> Move:
    """Name the question by what it starts from, and by how often it was put before."""
    parents = tuple(_digest(history.attempts[number]) for number in proposal.parents)
    same = ((a.move.stage, a.move.parents) == (proposal.stage, parents) for a in history.attempts if a.move)
    return Move(history.task.id, proposal.stage, parents, sum(same))


def set_scene(proposal: Proposal, history: History, gpu: GpuSpec, place: Environment) -> Scene:
    """Show the model what to start from, and what was tried lately."""
    versions = dict(each.split(" ", 1) for each in place.versions.split(", ") if " " in each)
    expected = (*gpu.device_names, gpu.name, gpu.id)
    parents = [history.attempts[number] for number in proposal.parents]
    others = [a for a in history.attempts if a.number not in proposal.parents]
    return Scene(
        task=history.task,
        gpu=gpu,
        triton_version=versions.get("triton", ""),
        device_name="" if place.gpu in expected else place.gpu,
        parents=tuple(exhibit(attempt) for attempt in parents if not attempt.plan),
        past=tuple(exhibit(attempt) for attempt in others[-PAST:]),
        plan=next((attempt.plan for attempt in parents if attempt.plan), None),
        again=history.attempts[-1].evaluation.message if proposal.again else "",
    )


def exhibit(attempt: Attempt) -> Exhibit:
    """Show an attempt without its price and its prompt."""
    return Exhibit(
        number=attempt.number,
        stage=attempt.proposal.stage,
        candidate=attempt.candidate,
        evaluation=attempt.evaluation,
        profile=attempt.profile,
        comparison=attempt.comparison,
        mends=attempt.mends,
        plan=attempt.plan,
    )


def _planned(proposal: Proposal, move: Move, prompt: Prompt, reply: Reply, number: int) -> Attempt:
    """Read a plan; there is no candidate, so nothing is judged."""
    try:
        plan, evaluation = read_plan(reply.text), Evaluation(Verdict.PLANNED)
    except PlanError as error:
        plan, evaluation = None, Evaluation(Verdict.UNREADABLE, _FINISHES.get(reply.finish, "") + str(error))
    return Attempt(number, proposal, move, prompt, reply, Candidate(""), evaluation, plan=plan)


def _words(proposal: Proposal, run: Run, tools: Tools) -> Prompt:
    """Put the question into words; raises SandboxError and PromptError."""
    from agent.groundwork import grounded  # it imports torch, which a list or a help text can do without

    stage = tools.library[proposal.stage]
    if stage.kind is StageKind.COMBINE:
        _read_counters(proposal, run, tools)
    scene = set_scene(proposal, run.history.when_proposed, tools.bench.gpu, tools.bench.environment)
    return fitted(tools.library, stage, grounded(scene), tools.room)


def _read_counters(proposal: Proposal, run: Run, tools: Tools) -> None:
    """Give parents that never were the best, and so have no counters, theirs: what each does well is in them."""
    for parent in [run.history.attempts[number] for number in proposal.parents]:
        if parent.profile is None:
            profile = tools.bench.profile(run.history.task, parent.candidate, tools.library.counters)
            run.record(CountersRead(parent.number, profile))


def _ranked(judged: Judged, history: History, tools: Tools) -> tuple[Evaluation, Comparison | None, NcuMetrics | None]:
    """Compare with the best so far, which may judge it anew, and read the counters of a new best."""
    best, evaluation, comparison = history.best, judged.evaluation, None
    if evaluation.correct and best:
        duel = tools.bench.duel(history.task, Judged(best.candidate, best.evaluation), judged)
        evaluation, comparison = duel.challenger, duel.comparison
    if not evaluation.correct or (comparison and not comparison.wins):
        return evaluation, comparison, None
    return evaluation, comparison, tools.bench.profile(history.task, judged.candidate, tools.library.counters)


def _digest(attempt: Attempt) -> str:
    if attempt.candidate.source or attempt.reply is None:
        return attempt.candidate.digest
    return hashlib.sha256(attempt.reply.text.encode()).hexdigest()[:16]

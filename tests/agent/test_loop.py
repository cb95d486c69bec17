"""The loop: what is proposed is asked, judged, remembered; and a stopped run goes on where it stopped."""

import json

import pytest
from fakes import EMULATED, STAGES, TASK, FakeBench, FakeLibrary, kernel, tools

from agent.attempt import Proposal
from agent.budget import Budget
from agent.events import AttemptMade, CallFailed, CallLost, MovesProposed, Replied
from agent.journal import Journal, JournalError
from agent.llm import Finish, LlmError, Reply, ReplyPending
from agent.loop import optimize
from agent.policies import staged
from agent.run import MovedError, Run, TakenError, begin
from prompts.library import Prompt
from sandbox.comparison import Outcome
from sandbox.evaluation import Candidate, Environment, SandboxError, Verdict

POLICY = staged.make(STAGES)
PENDING = ReplyPending("waiting for mailbox/1.md")


@pytest.fixture
def journal(tmp_path):
    with Journal(tmp_path) as journal:
        yield journal


def work(journal, run, its_tools, budget=None, policy=POLICY, **listener):
    with Run(journal, run, **listener) as opened:
        return optimize(opened, policy, budget or Budget(), its_tools)


def new(journal, **more):
    return begin(journal, TASK, EMULATED, config="{}", **more)


def written(journal, kind):
    return [entry.event for entry in journal.read(kinds=(kind,))]


class Rounds:
    """A policy of fixed rounds."""

    def __init__(self, *rounds):
        self._rounds = rounds

    def propose(self, history, left):
        begun = 0
        for each in self._rounds:
            if begun == len(history.attempts):
                return each
            begun += len(each)
        return []


class Reworded(FakeLibrary):
    """Stages whose words changed since the last session."""

    def render(self, stage, scene):
        return Prompt("system", "new words")


def test_the_best_is_kept_and_each_stage_starts_from_it(journal):
    its = tools(kernel(verdict=Verdict.WRONG), kernel(6.0), kernel(8.0), kernel(4.0))
    history = work(journal, new(journal), its, Budget(attempts=4))
    stages = [(a.proposal.stage, a.proposal.parents) for a in history.attempts]
    assert stages == [("seed", ()), ("repair", (0,)), ("grid", (1,)), ("tiling", (1,))]
    assert [a.comparison and a.comparison.outcome for a in history.attempts] == [
        None,
        None,
        Outcome.SLOWER,
        Outcome.FASTER,
    ]
    assert history.best.number == 3
    assert history.best.evaluation.speedup == 3.0
    assert history.ended == "all 4 attempts made"


def test_only_a_new_best_is_profiled_with_the_counters_of_all_stages(journal):
    its = tools(kernel(6.0), kernel(8.0), kernel(5.99), kernel(4.0))
    history = work(journal, new(journal), its, Budget(attempts=4))
    assert [a.profile is not None for a in history.attempts] == [True, False, False, True]
    assert set(history.attempts[0].profile.kernels["k"]) == set(FakeLibrary.counters)


def test_a_round_is_written_before_its_moves_and_a_reply_before_it_is_judged(journal):
    seen = []
    work(journal, new(journal), tools(kernel(6.0)), listener=lambda event, history: seen.append(type(event).__name__))
    turn = ["WorkBegan", "MovesProposed", "Asked", "Replied", "AttemptMade"]
    assert seen == [*turn, "MovesProposed", "Asked", "RunEnded"]
    assert kinds(journal) == ["RunStarted", *seen]


def kinds(journal, run=None):
    return [type(entry.event).__name__ for entry in journal.read(run)]


def test_a_recording_without_a_reply_ends_the_run_with_what_it_has(journal):
    history = work(journal, new(journal), tools(kernel(6.0)))
    assert history.ended == "no reply to grid"
    assert history.best.number == 0


def test_a_reply_without_code_is_unreadable_and_says_that_it_was_cut_off(journal):
    its = tools(Reply("I think", Finish.TRUNCATED))
    attempt = work(journal, new(journal), its, Budget(attempts=1)).attempts[0]
    assert attempt.evaluation.verdict is Verdict.UNREADABLE
    assert "stopped before it was done" in attempt.evaluation.message
    assert its.bench.evaluated == []


def test_the_same_question_is_told_apart_by_its_repetition(journal):
    unreadable = [Reply("first"), Reply("second"), Reply("second")]
    twice = Rounds([Proposal("seed"), Proposal("seed")], [Proposal("repair", (0,))], [Proposal("repair", (1,))])
    its = tools(*unreadable, kernel(2.0))
    history = work(journal, new(journal), its, policy=twice)
    moves = [a.move for a in history.attempts]
    assert [m.repetition for m in moves] == [0, 1, 0, 0]
    assert len({m.key for m in moves}) == 4
    assert moves[2].parents != moves[3].parents, "a parent without code is known by its reply's text"


def test_a_round_is_asked_from_one_past_and_ranked_among_itself(journal):
    its = tools(kernel(6.0), kernel(4.0), kernel(5.0))
    three = Rounds([Proposal("seed")] * 3)
    history = work(journal, new(journal), its, policy=three)
    assert [len(scene.past) for scene in its.library.scenes] == [0, 0, 0]
    assert [a.comparison.outcome for a in history.attempts[1:]] == [Outcome.FASTER, Outcome.SLOWER]


def test_a_round_is_cut_to_the_attempts_that_are_left(journal):
    its = tools(kernel(6.0), kernel(4.0), kernel(5.0))
    history = work(journal, new(journal), its, Budget(attempts=2), Rounds([Proposal("seed")] * 3))
    assert len(history.attempts) == 2
    assert written(journal, MovesProposed)[0].moves == (Proposal("seed"),) * 2


def test_a_brought_kernel_is_attempt_0_and_costs_no_question(journal):
    its = tools(kernel(3.0))
    run = new(journal, given=Candidate("class ModelNew: '6.0 ms'"))
    history = work(journal, run, its, Budget(attempts=1))
    first, second = history.attempts
    assert (first.proposal.stage, first.move, first.prompt, first.reply) == ("given", None, None, None)
    assert (second.proposal.stage, second.proposal.parents) == ("grid", (0,))
    assert history.best is second


def test_a_brought_kernel_that_fails_is_repaired(journal):
    run = new(journal, given=Candidate("class ModelNew: 'verdict broken'"))
    history = work(journal, run, tools(kernel(3.0)), Budget(attempts=1))
    assert [a.proposal.stage for a in history.attempts] == ["given", "repair"]


def test_a_pending_reply_leaves_the_run_open_and_is_asked_in_the_same_words_later(journal):
    run = new(journal)
    with pytest.raises(ReplyPending):
        work(journal, run, tools(PENDING, paid=False))
    its = tools(kernel(6.0), paid=False, library=Reworded())
    history = work(journal, run, its, Budget(attempts=1))
    assert kinds(journal).count("Asked") == 1
    assert its.llm.asked[0][1] == history.attempts[0].prompt
    assert "new words" not in history.attempts[0].prompt.user
    assert history.spent.possibly_paid == 0


def test_a_question_that_waits_is_dropped_where_a_lower_budget_is_spent(journal):
    run = new(journal)
    with pytest.raises(ReplyPending):
        work(journal, run, tools(kernel(6.0), PENDING, paid=False), Budget(attempts=8))
    history = work(journal, run, tools(PENDING, paid=False), Budget(attempts=1))
    assert (history.ended, len(history.attempts)) == ("all 1 attempts made", 1)


def test_an_answer_that_came_meanwhile_is_judged_though_the_budget_is_spent(journal):
    run = new(journal)
    with pytest.raises(ReplyPending):
        work(journal, run, tools(kernel(6.0), PENDING, paid=False), Budget(attempts=8))
    history = work(journal, run, tools(kernel(3.0), paid=False), Budget(attempts=1))
    assert (history.ended, len(history.attempts)) == ("all 1 attempts made", 2)


def test_a_move_that_was_never_asked_is_not_asked_where_the_budget_is_spent(journal):
    run, policy = new(journal), Rounds([Proposal("seed"), Proposal("seed")])
    its = tools(kernel(6.0), kernel(3.0), paid=False)
    history = work(journal, run, its, Budget(attempts=8, enough=1.01), policy)
    assert len(its.llm.asked) == len(history.attempts) == 1


def test_a_call_that_a_spent_budget_drops_is_possibly_paid_all_the_same(journal):
    run = new(journal)
    with pytest.raises(KeyboardInterrupt):
        work(journal, run, tools(kernel(6.0), KeyboardInterrupt()), Budget(attempts=8))
    history = work(journal, run, tools(), Budget(attempts=1))
    assert (history.ended, history.spent.possibly_paid) == ("all 1 attempts made", 1)


def test_an_answer_that_is_there_is_judged_though_the_budget_is_spent(journal):
    run = new(journal)

    class Breaking(FakeBench):
        def evaluate(self, task, candidate):
            if len(written(journal, AttemptMade)) == 1:
                raise SandboxError("the card fell off the bus")
            return super().evaluate(task, candidate)

    with pytest.raises(SandboxError):
        work(journal, run, tools(kernel(6.0), kernel(3.0), bench=Breaking()))
    assert len(work(journal, run, tools(), Budget(attempts=1)).attempts) == 2


def test_an_answer_that_arrived_is_never_asked_again(journal):
    run = new(journal)

    class Breaking(FakeBench):
        def evaluate(self, task, candidate):
            raise SandboxError("the card fell off the bus")

    with pytest.raises(SandboxError):
        work(journal, run, tools(kernel(6.0), bench=Breaking()))
    again = tools()
    history = work(journal, run, again)
    assert again.llm.asked == []
    assert history.attempts[0].evaluation.correct
    assert len(written(journal, Replied)) == 1


def test_a_refused_call_is_written_and_is_not_counted_as_possibly_paid(journal):
    run = new(journal)
    with pytest.raises(LlmError, match="401"):
        work(journal, run, tools(LlmError("401: wrong key")))
    history = work(journal, run, tools(kernel(6.0)), Budget(attempts=1))
    assert [e.reason for e in written(journal, CallFailed)] == ["401: wrong key"]
    assert (history.spent.possibly_paid, len(history.attempts)) == (0, 1)


@pytest.mark.parametrize(("paid", "lost"), [(True, 1), (False, 0)])
def test_a_call_that_was_interrupted_is_possibly_paid_where_calls_cost_money(journal, paid, lost):
    run = new(journal)
    with pytest.raises(KeyboardInterrupt):
        work(journal, run, tools(KeyboardInterrupt(), paid=paid))
    history = work(journal, run, tools(kernel(6.0), paid=paid), Budget(attempts=1))
    assert history.spent.possibly_paid == lost
    assert len(written(journal, CallLost)) == lost


def test_an_ended_run_stays_as_it_is(journal):
    run = new(journal)
    first = work(journal, run, tools(kernel(6.0)))
    its, before = tools(kernel(1.0)), kinds(journal)
    assert work(journal, run, its) == first
    assert its.llm.asked == []
    assert kinds(journal) == before


def test_a_run_is_not_taken_up_where_its_times_mean_nothing(journal):
    run = new(journal)
    with pytest.raises(ReplyPending):
        work(journal, run, tools(PENDING, paid=False))
    card = FakeBench(Environment("cuda", "Fake Card", ""))
    with pytest.raises(MovedError, match="emulated on fake"):
        work(journal, run, tools(bench=card))


def test_one_process_at_a_time_works_on_a_run(journal):
    run = new(journal)
    with Run(journal, run), pytest.raises(TakenError, match=run), Run(journal, run):
        pass
    with Run(journal, run):
        pass
    assert not (journal.home / "locks" / run).exists()


def test_a_claim_that_cannot_be_made_is_told_in_one_line(journal):
    run = new(journal)
    (journal.home / "locks" / run).mkdir()
    with pytest.raises(JournalError, match="Is a directory"), Run(journal, run):
        pass


def test_an_unknown_run_is_refused(journal):
    with pytest.raises(JournalError, match="no run nope"), Run(journal, "nope"):
        pass


def test_the_scene_names_versions_and_a_card_that_is_not_the_target(journal):
    its = tools(kernel(6.0), bench=FakeBench(Environment("cuda", "Other Card", "torch 2.9.0, triton 3.5.1")))
    run = begin(journal, TASK, its.bench.environment, config="{}")
    work(journal, run, its, Budget(attempts=1))
    scene = its.library.scenes[0]
    assert (scene.triton_version, scene.device_name) == ("3.5.1", "Other Card")


def test_the_journal_holds_the_configuration_as_it_was(journal):
    run = new(journal)
    body = next(iter(journal.read(run))).event
    assert json.loads(body.config) == {}
    assert body.task == TASK


def test_an_attempt_is_one_row_with_the_whole_turn(journal):
    history = work(journal, new(journal), tools(kernel(6.0)), Budget(attempts=1))
    assert [e.attempt for e in written(journal, AttemptMade)] == list(history.attempts)

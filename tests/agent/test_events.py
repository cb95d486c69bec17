"""Events: what is written is what is read, and what a newer program wrote is told from what is damaged."""

import json
from dataclasses import replace
from typing import get_args

import pytest
from fakes import EMULATED, PLAN, TASK, correct
from hypothesis import given
from hypothesis import strategies as st

from agent import events
from agent.attempt import Attempt, Proposal
from agent.events import EventError, from_json, to_json
from agent.llm import Finish, Move, Reply, Usage
from prompts.library import Prompt
from prompts.plan import Plan
from sandbox.comparison import Comparison, Outcome
from sandbox.evaluation import Candidate, Errors, Evaluation, Verdict
from sandbox.metrics import CounterSource, NcuMetrics

words = st.text(max_size=30)
numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)
counts = st.integers(0, 10**9)
candidates = st.builds(Candidate, words)
moves = st.builds(Move, words, words, st.tuples(words), counts)
replies = st.builds(
    Reply,
    words,
    st.sampled_from(Finish),
    st.builds(Usage, st.none() | counts, st.none() | counts, st.none() | numbers),
    words,
    words,
)
proposals = st.builds(Proposal, words, st.lists(counts, max_size=2).map(tuple))
prompts = st.builds(Prompt, words, words)
errors = st.builds(Errors, numbers, numbers, numbers, numbers, st.booleans())
failed = st.builds(
    Evaluation,
    st.sampled_from([v for v in Verdict if v not in (Verdict.CORRECT, Verdict.PLANNED)]),
    words,
    st.none() | errors,
)
evaluations = failed | st.floats(0.001, 1000).map(correct)
metrics = st.builds(NcuMetrics, st.dictionaries(words, st.dictionaries(words, numbers)), st.sampled_from(CounterSource))
comparisons = st.builds(Comparison, st.sampled_from(Outcome), numbers, numbers, numbers)
attempts = st.builds(
    Attempt,
    counts,
    proposals,
    st.none() | moves,
    st.none() | prompts,
    st.none() | replies,
    candidates,
    evaluations,
    st.none() | comparisons,
    st.none() | metrics,
)
plans = st.builds(
    Plan, st.booleans(), words, st.tuples(words), words, st.lists(words, max_size=2).map(tuple), st.floats(0.5, 1000)
)
attempts |= st.builds(
    lambda made, plan: replace(made, evaluation=Evaluation(Verdict.PLANNED), plan=plan), attempts, plans
)
ANY = {
    events.RunStarted: st.builds(
        events.RunStarted, st.just(TASK), words, st.just(EMULATED), words, st.none() | candidates
    ),
    events.WorkBegan: st.builds(events.WorkBegan),
    events.MovesProposed: st.builds(events.MovesProposed, st.lists(proposals, max_size=3).map(tuple)),
    events.CountersRead: st.builds(events.CountersRead, counts, metrics),
    events.Asked: st.builds(events.Asked, moves, prompts),
    events.Replied: st.builds(events.Replied, moves, replies),
    events.CallFailed: st.builds(events.CallFailed, moves, words),
    events.CallLost: st.builds(events.CallLost, moves),
    events.AttemptMade: st.builds(events.AttemptMade, attempts),
    events.RunEnded: st.builds(events.RunEnded, words),
}


def test_every_kind_is_tried_here():
    assert set(ANY) == set(get_args(events.Event))


@given(st.one_of(*ANY.values()))
def test_what_is_written_is_read_again(event):
    line = to_json(event)
    assert "\n" not in line
    assert from_json(line) == event


@pytest.mark.parametrize("change", [{"kind": "Telepathy"}, {"version": events.VERSION + 1}])
def test_a_newer_event_is_told_as_such(change):
    line = json.dumps(json.loads(to_json(events.RunEnded("done"))) | change)
    with pytest.raises(EventError, match="written by a newer kernelwright"):
        from_json(line)


@pytest.mark.parametrize(
    "line", ["", "{", "[]", "3", "null", "{}", '{"kind": "RunEnded", "version": 1}', '{"kind": 3, "version": "x"}']
)
def test_a_damaged_line_is_told_as_such(line):
    with pytest.raises(EventError, match="damaged"):
        from_json(line)


def test_an_attempt_of_the_first_version_is_read_without_a_plan():
    made = Attempt(0, Proposal("seed"), None, None, None, Candidate("x"), correct(2.0))
    old = json.loads(to_json(events.AttemptMade(made))) | {"version": 1}
    del old["attempt"]["plan"]
    assert from_json(json.dumps(old)) == events.AttemptMade(made)


def test_an_attempt_has_a_plan_exactly_where_it_is_planned():
    made = Attempt(0, Proposal("seed"), None, None, None, Candidate("x"), correct(2.0))
    with pytest.raises(ValueError, match="attempt 0 is correct, with plan"):
        replace(made, plan=PLAN)
    with pytest.raises(ValueError, match="attempt 0 is planned, with plan None"):
        replace(made, evaluation=Evaluation(Verdict.PLANNED))

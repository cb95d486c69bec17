"""Pairs, what is left out of them and why, and what each stage brought."""

from dataclasses import replace

import pytest
from fakes import TASK
from hypothesis import given
from hypothesis import strategies as st

from agent.ablation import Arm, contrasted
from agent.attempt import Attempt, Proposal
from agent.config import ConfigError
from agent.history import History
from agent.llm import Move, Reply, Usage
from agent.yields import Cost, yields
from sandbox.comparison import Comparison, Outcome, compare
from sandbox.evaluation import Candidate, Environment, Evaluation, Source, Timing, Verdict

EMULATED = Environment("emulated", "rtx4090", "")
CARD = Environment("cuda", "NVIDIA H200", "")
TIMES = st.one_of(st.none(), st.floats(0.1, 100.0))


def judged(ms, place):
    if ms is None or isinstance(ms, Verdict):
        return Evaluation(ms or Verdict.WRONG)
    if place.place == "cuda":
        samples = tuple(ms * (1 + step / 10_000) for step in range(30))
        return Evaluation(
            Verdict.CORRECT, timing=Timing(samples, Source.MEASURED), eager=Timing((12.0,) * 30, Source.MEASURED)
        )
    return Evaluation(Verdict.CORRECT, timing=Timing((ms,), Source.MODELLED), eager=Timing((12.0,), Source.MODELLED))


def run(*times, task="a", place=EMULATED, stages=None, usage=None, ended="all attempts made"):
    """A run whose attempts took ``times`` ms; None for a wrong one, or a verdict."""
    history = History(replace(TASK, id=f"examples/{task}"), environment=place, ended=ended)
    for number, ms in enumerate(times):
        judgement = judged(ms, place)
        best = history.best
        compared = compare(best.evaluation, judgement) if best and judgement.correct else None
        stage = stages[number] if stages else "seed"
        reply = Reply("text", usage=usage or Usage(90, 10))
        move = Move(history.task.id, stage, (), number)
        history = history.plus(
            Attempt(number, Proposal(stage), move, None, reply, Candidate(str(number)), judgement, compared)
        )
    return history


def arm(name, *histories):
    return Arm(name, histories)


def the_contrast(baseline, variant):
    (contrast,), left_out = contrasted(baseline, variant)
    assert left_out == ()
    return contrast


def arms(times, place=EMULATED):
    """Two arms over the tasks of ``times``: pairs of best times."""
    sides = zip(*(pair for pair in times), strict=True)
    return [
        arm(name, *(run(ms, task=f"t{number}", place=place) for number, ms in enumerate(side)))
        for name, side in zip("ab", sides, strict=True)
    ]


@given(st.lists(st.tuples(TIMES, TIMES), min_size=1, max_size=8), st.sampled_from([EMULATED, CARD]))
def test_swapping_the_variants_mirrors_everything(times, place):
    a, b = arms(times, place)
    one, other = the_contrast(a, b), the_contrast(b, a)
    assert (one.mean is None) == (other.mean is None)
    if one.mean and other.mean:
        assert other.mean.ratio == pytest.approx(1 / one.mean.ratio)
    if one.mean and one.mean.interval:
        low, high = one.mean.interval
        assert other.mean.interval == pytest.approx((1 / high, 1 / low), rel=1e-6)
    assert one.counted(Outcome.FASTER) == other.counted(Outcome.SLOWER)
    assert one.counted(Outcome.TIE) == other.counted(Outcome.TIE)
    assert (one.only_variant, one.neither) == (other.only_baseline, other.neither)
    counted = len(one.pairs) + len(one.only_variant) + len(one.only_baseline) + len(one.neither)
    assert counted == len(times)


@given(st.lists(TIMES, min_size=1, max_size=8), st.sampled_from([EMULATED, CARD]))
def test_identical_histories_give_exactly_one(times, place):
    a, b = arms([(ms, ms) for ms in times], place)
    contrast = the_contrast(a, b)
    if any(times):
        assert contrast.mean.ratio == 1.0
        assert contrast.mean.interval in (None, (1.0, 1.0))
    assert contrast.counted(Outcome.TIE) == len(contrast.pairs)
    assert contrast.only_variant == contrast.only_baseline == ()


@given(st.lists(st.tuples(TIMES, TIMES), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_tasks_does_not_matter(times, chance):
    a, b = arms(times)
    shuffled = list(b.histories)
    chance.shuffle(shuffled)
    assert contrasted(a, replace(b, histories=tuple(shuffled))) == contrasted(a, b)


def test_a_variant_that_halves_the_time_of_each_task_is_twice_as_fast():
    contrast = the_contrast(*arms([(8.0, 4.0), (6.0, 3.0), (2.0, 1.0)]))
    assert contrast.mean.ratio == pytest.approx(2.0)
    assert contrast.counted(Outcome.FASTER) == 3


def test_a_gain_of_less_than_a_per_cent_is_a_tie():
    assert the_contrast(*arms([(1.005, 1.0)])).counted(Outcome.TIE) == 1


def test_runs_of_two_sittings_are_compared_in_units_of_their_own_eager_time():
    slow = run(4.0)
    times = {"timing": Timing((2.0,), Source.MODELLED), "eager": Timing((6.0,), Source.MODELLED)}
    warm = replace(slow.attempts[0].evaluation, **times)
    fast = replace(slow, attempts=(replace(slow.attempts[0], evaluation=warm),))
    assert the_contrast(arm("a", slow), arm("b", fast)).mean.ratio == 1.0


def test_measured_and_modelled_are_not_compared_and_other_cards_neither():
    other = replace(CARD, gpu="NVIDIA L4")
    contrasts, left_out = contrasted(
        arm("a", run(4.0, task="t", place=CARD), run(4.0, task="u", place=CARD), run(4.0, task="v")),
        arm("b", run(2.0, task="t"), run(2.0, task="u", place=other), run(2.0, task="v")),
    )
    assert [(each.source, len(each.pairs)) for each in contrasts] == [(Source.MODELLED, 1)]
    assert [each.reason for each in left_out] == [
        "a was measured for NVIDIA H200, b modelled for rtx4090: such times are not compared",
        "a was measured for NVIDIA H200, b measured for NVIDIA L4: such times are not compared",
    ]


def test_tasks_on_two_places_have_a_mean_each():
    histories = [run(4.0, task="t", place=CARD), run(4.0, task="u")]
    contrasts, _ = contrasted(arm("a", *histories), arm("b", *histories))
    assert [(each.source, len(each.pairs)) for each in contrasts] == [(Source.MEASURED, 1), (Source.MODELLED, 1)]


def test_what_did_not_end_and_what_one_side_lacks_is_left_out_with_its_reason():
    a = arm("a", run(4.0, task="t"), run(4.0, task="u"), run(4.0, task="w"))
    b = arm("b", run(4.0, task="t"), run(4.0, task="u", ended=None), run(4.0, task="x"))
    (contrast,), left_out = contrasted(a, b)
    assert [pair.task for pair in contrast.pairs] == ["examples/t"]
    assert {each.task: each.reason for each in left_out} == {
        "examples/u": "the run of b did not end",
        "examples/w": "a has a run of it, b none",
        "examples/x": "b has a run of it, a none",
    }


def test_a_run_that_ended_stands_for_one_of_its_task_that_did_not():
    again = arm("b", run(9.0, ended=None), run(2.0), run(8.0, ended=None))
    assert the_contrast(arm("a", run(4.0)), again).mean.ratio == 2.0


def test_two_ended_runs_of_a_task_are_refused():
    with pytest.raises(ConfigError, match="'b' has two runs of examples/a"):
        contrasted(arm("a", run(4.0)), arm("b", run(4.0), run(3.0)))


def test_a_changed_reference_is_another_task():
    changed = replace(run(4.0), task=replace(TASK, id="examples/a", source="class Model: changed"))
    with pytest.raises(ConfigError, match="no task in common"):
        contrasted(arm("a", run(4.0)), arm("b", changed))


def test_costs_are_of_the_common_tasks_and_unequal_calls_are_named():
    contrast = the_contrast(arm("a", run(4.0, None)), arm("b", run(4.0, usage=Usage(7, None))))
    assert (contrast.baseline_cost, contrast.cost) == (Cost(2, 200, 0), Cost(1, 7, 1))
    assert contrast.unequal == ("examples/a",)


def test_a_stage_yields_what_its_attempts_became():
    history = run(
        None, 8.0, 4.0, Verdict.UNREADABLE, 5.0, 2.0, stages=["seed", "repair", "grid", "grid", "grid", "fine"]
    )
    found = {each.stage: each for each in yields([history])}
    assert {name: (each.cost.calls, each.without_code, each.correct) for name, each in found.items()} == {
        "seed": (1, 0, 0),
        "repair": (1, 0, 1),
        "grid": (3, 1, 2),
        "fine": (1, 0, 1),
    }
    assert {name: (each.bests, each.held, each.gains) for name, each in found.items()} == {
        "seed": (0, 0, ()),
        "repair": (1, 0, ()),
        "grid": (1, 0, (2.0,)),
        "fine": (1, 1, (2.0,)),
    }
    assert found["repair"].gain is found["repair"].gain_per_1000_tokens is None
    assert found["grid"].gain == pytest.approx(2.0)
    assert found["grid"].gain_per_1000_tokens == pytest.approx(2.0 ** (1000 / 300))


def test_gains_of_several_runs_have_one_geometric_mean():
    histories = [run(8.0, 4.0, stages=["seed", "grid"]), run(8.0, 1.0, task="b", stages=["seed", "grid"])]
    grid = yields(histories)[0]
    assert (grid.stage, grid.gain) == ("grid", pytest.approx(4.0))
    assert grid.gain_per_1000_tokens == pytest.approx(16 ** (1000 / 200))


def test_no_rate_is_given_where_tokens_were_not_counted():
    (grid, _) = yields([run(8.0, 4.0, stages=["seed", "grid"], usage=Usage(5, None))])
    assert (grid.gain, grid.gain_per_1000_tokens, grid.cost.uncounted) == (2.0, None, 1)


def test_a_best_that_takes_a_fallen_ones_place_is_no_gain():
    history = run(4.0)
    fallen = Comparison(Outcome.TIE, 0.5, 0.5, 0.5, fallen="it is wrong")
    made = replace(history.attempts[0], number=1, proposal=Proposal("grid"), comparison=fallen)
    grid = yields([history.plus(made)])[0]
    assert (grid.bests, grid.held, grid.gains) == (1, 1, ())


def test_a_kernel_that_the_user_brought_is_no_stages():
    history = run(4.0, 2.0, stages=["given", "grid"])
    given_one = replace(history.attempts[0], move=None, reply=None)
    found = yields([replace(history, attempts=(given_one, history.attempts[1]))])
    assert [(each.stage, each.gains) for each in found] == [("grid", (2.0,))]


def test_stages_of_two_places_are_kept_apart():
    found = yields([run(4.0), run(4.0, task="b", place=CARD)])
    assert [(each.source, each.cost.calls) for each in found] == [(Source.MEASURED, 1), (Source.MODELLED, 1)]

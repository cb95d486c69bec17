import pytest

from sandbox.ladder import WEIGHT_SETS, Act, Distribution, Step, Tier, steps


def test_a_first_look_is_three_runs_on_two_sets():
    look = steps(Tier.LOOK, on_card=True)
    assert len(look) == 3
    assert [each.distribution for each in look if each.act is Act.DRAW] == [Distribution.OWN, Distribution.NORMAL]


@pytest.mark.parametrize("on_card", [True, False])
@pytest.mark.parametrize("tier", [Tier.FULL, Tier.BEST])
def test_every_tier_begins_with_the_look_and_has_all_weight_sets_in_turn(tier, on_card):
    found = steps(tier, on_card=on_card)
    assert found[:3] == steps(Tier.LOOK, on_card=on_card)
    weights = [each.weights for each in found]
    assert weights == sorted(weights)
    assert set(weights) == set(range(WEIGHT_SETS))


def test_the_card_climbs_every_rung_and_the_best_climbs_it_with_every_weight_set():
    full, best = steps(Tier.FULL, on_card=True), steps(Tier.BEST, on_card=True)
    assert {each.distribution for each in full} == set(Distribution)
    drawn = [(each.weights, each.distribution) for each in best if each.act is Act.DRAW]
    assert sorted(drawn) == sorted((weights, each) for weights in range(WEIGHT_SETS) for each in Distribution)


def test_an_interpreter_takes_at_most_twelve_calls():
    assert len(steps(Tier.BEST, on_card=False)) <= 12


def test_no_set_is_drawn_twice():
    for tier in Tier:
        drawn = [each for each in steps(tier, on_card=True) if each.act is Act.DRAW]
        assert len(drawn) == len(set(drawn))


def test_a_step_says_where_in_words():
    assert Step(0, Distribution.THOUSAND).words == "at scale 1000"
    assert Step(1, Distribution.SPIKE).words == "with a spike, weight set 2 of 3"
    assert Step(2, Distribution.OWN).words == "on the task's own inputs, weight set 3 of 3"
    assert Step(0, Distribution.NORMAL, Act.MUTATE).words == "after a few elements changed"

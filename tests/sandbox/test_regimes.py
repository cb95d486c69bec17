import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.ladder import SCALES, Distribution
from sandbox.regimes import CHANGED, FEWEST, ONE_IN, SPIKE, drawn, mutated

DRAWN = [each for each in Distribution if each is not Distribution.OWN]
SHAPES = st.lists(st.integers(0, 6), max_size=4)
KINDS = st.sampled_from([torch.float16, torch.bfloat16, torch.float32, torch.float64])


@settings(max_examples=60)
@given(st.sampled_from(DRAWN), SHAPES, KINDS)
def test_a_rung_keeps_shape_and_type_and_has_no_nan(distribution, shape, kind):
    found = drawn(torch.zeros(shape, dtype=kind), distribution)
    assert (list(found.shape), found.dtype) == (shape, kind)
    assert not found.isnan().any()


@pytest.mark.parametrize("distribution", SCALES)
def test_a_scale_is_the_spread(distribution):
    torch.manual_seed(1)
    assert drawn(torch.zeros(10000), distribution).std() == pytest.approx(SCALES[distribution], rel=0.05)


def test_whole_numbers_stay_and_complex_ones_are_drawn():
    indices = torch.arange(7)
    assert all(drawn(indices, each) is indices for each in DRAWN)
    assert drawn(torch.zeros(64, dtype=torch.complex64), Distribution.NORMAL).imag.std() > 0.1


def test_each_regime_is_what_it_says():
    torch.manual_seed(2)
    like = torch.zeros(64, 64).t()
    assert (drawn(like, Distribution.SPIKE) >= SPIKE / 2).sum() == 1
    signs = drawn(like, Distribution.ALTERNATING).sign()
    assert (signs[:, 0] != signs[:, 1]).all()
    tail = drawn(like, Distribution.HEAVY_TAIL).abs()
    assert (tail > 20).any()
    assert tail.max() <= 1000
    zeros = drawn(like, Distribution.ZEROS)
    assert 0.15 < (zeros == 0).double().mean() < 0.4
    assert ((zeros != 0) & (zeros.abs() < torch.finfo(torch.float32).smallest_normal)).any()
    rows = drawn(like, Distribution.MIXED).std(1)
    assert rows.max() / rows.min() > 1000


@given(SHAPES.filter(lambda shape: 0 not in shape), st.sampled_from([4.0, 100.0]))
def test_a_mutation_changes_few_elements_of_one_tensor(shape, size):
    given_set = [torch.arange(5), torch.zeros(shape), torch.zeros(3, 4).t()]
    changed = mutated(given_set, size)
    assert changed[0] is given_set[0]
    counts = [int((a != b).sum()) for a, b in zip(given_set, changed, strict=True)]
    assert 1 <= sum(counts) <= CHANGED
    assert counts.count(0) == 2
    moved = torch.cat([each[each != 0].flatten() for each in changed[1:]]).abs()
    assert ((moved >= size) & (moved < 2 * size)).all()


@pytest.mark.parametrize(
    ("elements", "count"),
    [(1, 1), (2, 2), (3, FEWEST), (3 * ONE_IN - 1, FEWEST), (3 * ONE_IN, 3), (100 * ONE_IN, CHANGED)],
)
def test_a_mutation_changes_one_element_in_so_many_and_none_twice(elements, count):
    for _ in range(20):  # of two places in a tensor of two, one in two were the same
        assert int(mutated([torch.zeros(elements)], 4.0)[0].count_nonzero()) == count


def test_a_mutation_falls_on_other_places_each_time():
    places = [mutated([torch.zeros(100000)], 4.0)[0].nonzero().flatten().tolist() for _ in range(3)]
    assert places[0] != places[1] or places[1] != places[2]


def test_without_floating_inputs_nothing_is_mutated():
    assert mutated([torch.arange(4), torch.zeros(0)], 4.0) is None

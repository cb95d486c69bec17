import pytest

from bench import figures


def test_a_rate_needs_time():
    assert figures.per_hour(10, 20) == 1800
    with pytest.raises(ValueError, match="10 candidates in 0"):
        figures.per_hour(10, 0)


def test_the_spread_is_all_of_the_range_over_the_median():
    assert figures.spread([1.0, 1.01, 0.99, 1.0]) == pytest.approx(0.02)


def test_a_deviation_keeps_its_sign():
    assert figures.deviation(0.99, 1.0) == pytest.approx(-0.01)


@pytest.mark.parametrize(("nominal_ms", "bound"), [(0.05, 0.03), (0.3, 0.03), (1.0, 0.005), (10.0, 0.005)])
def test_the_strict_limit_holds_from_a_millisecond_on(nominal_ms, bound):
    assert figures.limit(nominal_ms, 0.005, 0.03) == bound


@pytest.mark.parametrize(
    ("value", "word"),
    [(0.01, "holds"), (-0.01, "holds"), (0.011, "MISSED"), (-0.011, "MISSED"), (float("nan"), "MISSED")],
)
def test_a_miss_is_called_one_on_both_sides(value, word):
    assert figures.held(value, 0.01) == word


def test_phases_are_added_up_by_name():
    found = figures.added([{"import": 1.0, "runs": 2.0}, {"runs": 0.5, "truth": 1.0}])
    assert found == {"import": 1.0, "runs": 2.5, "truth": 1.0}
    assert list(found) == ["import", "runs", "truth"]


def test_a_table_sets_numbers_to_the_right():
    assert figures.table(["a", "bb"], [["long", "1"], ["x", "22"]]) == "a     bb\nlong   1\nx     22"

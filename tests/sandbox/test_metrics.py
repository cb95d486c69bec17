"""Counters and rules over them."""

import pytest

from sandbox.metrics import CounterSource, NcuMetrics, Rule

METRICS = NcuMetrics(
    {"a": {"x": 10.0, "gpu__time_duration.sum": 1.0}, "b": {"x": 80.0, "gpu__time_duration.sum": 9.0}},
    CounterSource.NCU,
)


def test_a_rule_looks_at_the_slowest_kernel():
    assert METRICS.slowest["x"] == 80.0
    assert Rule("x", at_least=75).holds(METRICS)
    assert not Rule("x", at_most=75).holds(METRICS)


def test_a_missing_counter_meets_no_rule():
    assert not Rule("y", at_least=0).holds(METRICS)
    assert not Rule("y", at_most=100).holds(NcuMetrics({}, CounterSource.NCU))


@pytest.mark.parametrize(("value", "holds"), [(9, False), (10, True), (20, True), (21, False)])
def test_bounds_are_inclusive(value, holds):
    metrics = NcuMetrics({"k": {"x": float(value)}}, CounterSource.COMPILER)
    assert Rule("x", at_least=10, at_most=20).holds(metrics) is holds

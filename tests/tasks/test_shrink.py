"""Derived sizes run, cost little, and keep what makes a kernel hard."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from tasks.catalog import find
from tasks.program import build, inputs, load
from tasks.resize import constants, resized
from tasks.shrink import derived_sizes
from tasks.task import TaskError

TASKS = find("examples")
BUDGET = 2e6

SUMS = """rows = 4096
columns = 8008
"""


def sums(source: str) -> tuple[float, int]:
    size = constants(source)
    return size["rows"] * size["columns"], size["rows"]


def traced(source: str) -> tuple[float, int] | None:
    """Operations, and elements that go in and come out; nothing is computed."""
    try:
        program = load(source, "reference")
        with torch.device("meta"), torch.no_grad(), FlopCounterMode(display=False) as flops:
            model, given = build(program), inputs(program)
            out = model(*given)
    except (TaskError, RuntimeError, ValueError, AssertionError):
        return None
    outs = out if isinstance(out, tuple) else (out,)
    count = sum(each.numel() for each in outs)
    tensors = [*given, *model.parameters(), *outs]
    return flops.get_total_flops() + sum(each.numel() for each in tensors), count


@pytest.mark.parametrize("task", TASKS, ids=[each.name for each in TASKS])
def test_every_reference_runs_small_with_its_tails(task):
    sizes = derived_sizes(task.source, traced, BUDGET)
    found = traced(resized(task.source, sizes))
    assert found
    assert found[0] <= BUDGET
    full = constants(task.source)
    for name, size in sizes.items():
        assert 2 <= size < full[name]
        if full[name] % 16:
            assert size % 16, name
    model = build(program := load(resized(task.source, sizes), task.id))
    with torch.no_grad():
        assert torch.as_tensor(model(*inputs(program))[0]).isfinite().all()


def test_what_fits_is_not_shrunk():
    assert derived_sizes(SUMS, sums, 4096 * 8008) == {}


def test_reductions_go_first_and_keep_their_tail():
    assert derived_sizes(SUMS, sums, 4096 * 8007) == {"columns": 4008}
    sizes = derived_sizes(SUMS, sums, 4096 * 64)
    assert sizes == {"columns": 56}


def test_then_the_others():
    sizes = derived_sizes(SUMS, sums, 4096)
    assert 16 <= sizes["rows"] <= 64
    assert sizes["columns"] % 16 == 8


def test_sizes_go_below_a_block_only_when_nothing_else_helps():
    assert derived_sizes(SUMS, sums, 16 * 24) == {"rows": 16, "columns": 24}
    sizes = derived_sizes(SUMS, sums, 100)
    assert sizes["rows"] * sizes["columns"] <= 100
    assert sizes["columns"] % 16


def test_a_batch_goes_before_what_it_repeats():
    def cost(source):
        size = constants(source)
        return size["batch_size"] * size["width"], size["batch_size"] * size["width"]

    assert derived_sizes("batch_size = 64\nwidth = 64\n", cost, 4 * 64) == {"batch_size": 4}


def test_sizes_that_shape_the_program_stay():
    def cost(source):
        size = constants(source)
        return size["kernel"] ** 2 * size["width"], size["width"]

    assert derived_sizes("kernel = 7\nwidth = 64\n", cost, 1) == {"width": 4}


def test_a_size_that_saves_next_to_nothing_stays():
    def cost(source):
        size = constants(source)
        return size["width"] * 1000 + size["groups"], size["width"]

    assert derived_sizes("groups = 32\nwidth = 64\n", cost, 1) == {"width": 4}


def test_a_step_that_would_break_the_program_is_not_made():
    def cost(source):
        size = constants(source)
        if size["features"] % size["heads"]:
            return None
        return size["features"] * 10 + size["heads"], size["features"]

    assert derived_sizes("features = 768\nheads = 12\n", cost, 500) == {"features": 48}


def test_a_size_written_twice_shrinks_in_both_places():
    def cost(source):
        size = constants(source)
        return (size["width"] ** 2, 1) if size["width"] == size["again"] else None

    assert derived_sizes("width = 256\nagain = 256\n", cost, 32**2) == {"width": 32, "again": 32}


def test_a_reference_that_does_not_run_is_left_as_it_is():
    assert derived_sizes(SUMS, lambda _: None, 1) == {}


def test_a_short_reduction_waits_for_its_turn():
    assert derived_sizes("rows = 128\ncolumns = 64\n", sums, 64 * 64) == {"rows": 64}


def test_a_size_with_a_tail_never_becomes_whole_blocks():
    def cost(source):
        size = constants(source)
        return (size["width"], 1) if size["width"] > 14 else None

    assert derived_sizes("width = 30\n", cost, 1) == {}

"""The shipped references: each runs at both sizes, and its answer hangs on all that goes into it."""

import copy

import pytest
import torch

from sandbox.kinds import kind_of
from tasks.catalog import find
from tasks.program import build, inputs, load
from tasks.resize import constants, resized
from tasks.task import Kind, Task

TASKS = find("examples")
SEVERAL = 10
"""Times the customary tolerance, by which an answer has to move to be seen."""

each_task = pytest.mark.parametrize("task", TASKS, ids=[each.name for each in TASKS])


def small(task: Task):
    program = load(resized(task.source, task.small_sizes or {}), task.id)
    torch.manual_seed(0)
    return program, build(program), inputs(program)


def answers(model, given):
    with torch.no_grad():
        out = model(*given)
    return list(out) if isinstance(out, tuple) else [out]


def moved(before, after, task: Task) -> bool:
    """Whether some output strayed, in the root mean square, several times further than its tolerance."""
    pairs = zip(before, after, strict=True)
    return any(rms(a - b) > SEVERAL * task.tolerance.allclose["float32"] * (1 + rms(a)) for a, b in pairs)


def rms(tensor) -> float:
    return float(tensor.double().pow(2).mean().sqrt())


@each_task
def test_answers_are_the_same_for_the_same_seed(task):
    _, model, given = small(task)
    _, again, given_again = small(task)
    for one, other in zip(answers(model, given), answers(again, given_again), strict=True):
        assert torch.equal(one, other)


@each_task
def test_answers_are_finite_and_far_from_any_constant(task):
    _, model, given = small(task)
    for out in answers(model, given):
        assert out.isfinite().all()
        assert moved([out], [out.mean().expand_as(out)], task)


@each_task
def test_every_input_shows_in_the_answer(task):
    program, model, given = small(task)
    others = inputs(program)
    for index, other in enumerate(others):
        changed = [other if i == index else one for i, one in enumerate(given)]
        assert moved(answers(model, given), answers(model, changed), task), f"input {index}"


@each_task
def test_every_weight_shows_in_the_answer(task):
    _, model, given = small(task)
    for name, weight in model.named_parameters():
        other = copy.deepcopy(model)
        spread = 0.1 * rms(weight.detach()) + 0.1
        other.get_parameter(name).data.add_(spread * torch.randn_like(weight))
        assert moved(answers(model, given), answers(other, given), task), name


@each_task
def test_answers_are_in_the_type_of_the_inputs(task):
    _, model, given = small(task)
    assert {out.dtype for out in answers(model, given)} == {torch.float32} == {given[0].dtype}


@each_task
def test_small_sizes_keep_the_tail_of_each_block(task):
    full = constants(task.source)
    assert task.small_sizes
    for name, size in task.small_sizes.items():
        assert size < full[name], name
        if full[name] > 16 and full[name] % 16:
            assert size % 16 == full[name] % 16, name


@each_task
def test_full_size_fits_a_card_of_24_gigabytes(task):
    program = load(task.source, task.id)
    with torch.device("meta"):
        given = inputs(program)
        tensors = [*given, *answers(build(program), given)]
    assert sum(each.nbytes for each in tensors) < 3e9
    assert max(each.numel() for each in tensors) > 1e6 or task.name == "linear_cross_entropy"


def test_the_set_has_every_kind_and_tolerates_tf32():
    assert {kind_of(each) for each in TASKS} == set(Kind)
    assert all(each.tolerance.tf32 and each.origin for each in TASKS)
    assert len(TASKS) >= 12


@pytest.mark.parametrize(
    ("name", "shapes", "init"),
    [
        ("conv2d_min_add_scale", [(128, 64, 128, 128), (128, 128, 126, 126)], [64, 128, 3, 0.5, (128, 1, 1), 2.0]),
        (
            "conv2d_add_scale_sigmoid_groupnorm",
            [(128, 8, 256, 256), (128, 32, 254, 254)],
            [8, 32, 3, 8, (32, 1, 1), (32, 1, 1)],
        ),
    ],
)
def test_the_two_convolutions_have_their_published_sizes(name, shapes, init):
    task = next(each for each in TASKS if each.name == name)
    program = load(task.source, task.id)
    with torch.device("meta"):
        given = inputs(program)
        assert [tuple(each.shape) for each in [*given, *answers(build(program), given)]] == shapes
    assert program.get_init_inputs() == init

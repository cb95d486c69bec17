"""A reference comes to life, or one line says where it went wrong."""

import inspect
import sys
import traceback

import pytest
import torch

from tasks.program import build, init_inputs, inputs, load
from tasks.task import TaskError

SOURCE = """from __future__ import annotations

import dataclasses

import torch


@dataclasses.dataclass
class Settings:
    size: int = 3


class Model(torch.nn.Module):
    def __init__(self, size):
        super().__init__()
        self.layer = torch.nn.Linear(size, Settings().size)

    def forward(self, x):
        return self.layer(x)


def get_inputs():
    return [torch.randn(2, 4)]


def get_init_inputs():
    return [4]
"""


def refusal(call, *given) -> str:
    with pytest.raises(TaskError) as caught:
        call(*given)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith("mine: ")
    return message


def with_body(function: str, body: str) -> str:
    head, _, _ = SOURCE.partition(f"def {function}")
    rest = SOURCE[len(head) :].partition("\n\n\n")[2]
    return f"{head}def {function}():\n    {body}\n\n\n{rest}"


def test_a_reference_runs_from_its_text():
    program = load(SOURCE, "mine")
    torch.manual_seed(3)
    model, given = build(program), inputs(program)
    assert init_inputs(program) == [4]
    assert model(*given).shape == (2, 3)


def test_the_same_seed_gives_the_same_inputs_and_another_others():
    program = load(SOURCE, "mine")
    drawn = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        drawn.append(inputs(program)[0])
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])


def test_inputs_follow_the_default_device():
    with torch.device("meta"):
        assert inputs(load(SOURCE, "mine"))[0].is_meta


def test_its_source_is_shown_in_tracebacks_and_to_inspect():
    program = load(SOURCE, "mine")
    assert "self.layer(x)" in inspect.getsource(program.model_class)
    try:
        build(program)(None)
    except TypeError as error:
        shown = "".join(traceback.format_exception(error))
        assert "return self.layer(x)" in shown
        assert program.file in shown


def test_two_references_do_not_see_each_other():
    first = load(SOURCE, "mine")
    load(SOURCE.replace("size: int = 3", "size: int = 5"), "mine")
    assert build(first)(torch.ones(2, 4)).shape == (2, 3)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def f(:", "line 1: "),
        (SOURCE.replace("class Model(", "class Modell("), "no Model at the top level"),
        (SOURCE.replace("def get_inputs", "def inputs"), "no get_inputs at the top level"),
        (SOURCE.replace("def get_init_inputs", "def init_inputs"), "no get_init_inputs at the top level"),
        (SOURCE + "\n\nundefined\n", "line 30: loading it raises NameError: name 'undefined' is not defined"),
        (SOURCE + "\nimport no_such_package\n", "No module named 'no_such_package'"),
        (SOURCE + "\nraise SystemExit(0)\n", "loading it raises SystemExit"),
        (SOURCE + "\nModel = 3\n", "Model is no class of torch.nn.Module, but 3"),
        (SOURCE + "\nget_inputs = 3\n", "get_inputs is no function, but 3"),
    ],
)
def test_a_text_that_is_no_reference_is_refused_in_one_line(source, said):
    assert said in refusal(load, source, "mine")


def test_a_text_that_fails_leaves_no_module_behind():
    before = set(sys.modules)
    refusal(load, SOURCE + "\n1 / 0\n", "mine")
    assert not {name for name in set(sys.modules) - before if name.startswith("reference_")}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return [1 / 0]", "line 23: get_inputs() raises ZeroDivisionError: division by zero"),
        ("return torch.ones(3)", "get_inputs gives a Tensor; a list is expected"),
        ("return [torch.empty(1 << 60)]", "get_inputs() raises"),
        ("raise ValueError('one\\ntwo')", "raises ValueError: one two"),
        ("raise ValueError('x' * 9999)", "xxx …"),
    ],
)
def test_inputs_that_cannot_be_had_are_refused_in_one_line(body, said):
    message = refusal(inputs, load(with_body("get_inputs", body), "mine"))
    assert said in message
    assert len(message) < 400


@pytest.mark.parametrize("given", ["torch.float16", "torch.ones(2)", "[object()]", "float('nan')", "len"])
def test_arguments_that_are_no_literals_are_refused_in_one_line(given):
    message = refusal(init_inputs, load(with_body("get_init_inputs", f"return [{given}]"), "mine"))
    assert "get_init_inputs gives" in message


def test_arguments_of_plain_literals_are_handed_on():
    given = [1, -2.5, "s", None, True, (3, 1), {"a": [1]}]
    assert init_inputs(load(with_body("get_init_inputs", f"return {given!r}"), "mine")) == given


def test_a_constructor_that_raises_is_refused_in_one_line():
    program = load(with_body("get_init_inputs", "return [-4]"), "mine")
    assert "Model(*get_init_inputs()) raises RuntimeError" in refusal(build, program)

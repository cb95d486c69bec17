"""Other sizes, and not a letter else."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.resize import constants, resized
from tasks.task import TaskError

TEXT = '''"""größe = 1"""  # rows = 9
rows = 128  # rows = 128
half: int = 2 * (
    3 + 1
) // 2
height = width = 256; depth = 7
kernel, name, stride = 3, "größe", (2)
minus = -1
alpha, flag, shape = 0.5, True, (rows, 1)
again = 1
again = again + 1
double = rows * 2
if flag:
    inner = 5


def forward(rows=64):
    width = 3
    return rows
'''
SIZES = {"rows": 128, "half": 4, "height": 256, "width": 256, "depth": 7, "kernel": 3, "stride": 2, "minus": -1}


def values(source: str) -> dict[str, object]:
    space: dict[str, object] = {}
    exec(source, space)
    return space


def test_constants_are_the_names_bound_once_to_integers():
    assert constants(TEXT) == SIZES
    assert list(constants(TEXT)) == list(SIZES)
    assert all(values(TEXT)[name] == size for name, size in SIZES.items())


@given(st.dictionaries(st.sampled_from(list(SIZES)), st.integers(-(10**6), 10**12)))
def test_only_the_named_constants_change(sizes):
    changed = resized(TEXT, sizes)
    assert constants(changed) == SIZES | sizes
    before, after = values(TEXT), values(changed)
    followers = {"double", "shape", "forward", "__builtins__"}
    assert {k: v for k, v in after.items() if k not in followers} == {
        k: v for k, v in (before | sizes).items() if k not in followers
    }
    assert after["double"] == 2 * constants(changed)["rows"]


@given(st.dictionaries(st.sampled_from(list(SIZES)), st.integers(1, 10**12)))
def test_there_and_back_means_the_same(sizes):
    back = resized(resized(TEXT, sizes), {name: SIZES[name] for name in sizes})
    assert constants(back) == SIZES
    assert ast.dump(ast.parse(resized(back, {"half": 9}))) == ast.dump(
        ast.parse(resized(TEXT, {"half": 9} | dict.fromkeys(("height", "width"), 256)))
    ) or {"height", "width"} & set(sizes)


@given(st.dictionaries(st.sampled_from(list(SIZES)), st.integers(1, 999)))
def test_lines_keep_their_numbers(sizes):
    def places(source: str) -> list[int]:
        return [node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]

    assert places(resized(TEXT, sizes)) == places(TEXT)


def test_the_present_sizes_leave_the_text_as_it_is():
    assert resized(TEXT, SIZES) == TEXT
    assert resized(TEXT, {}) == TEXT


def test_comments_and_other_line_ends_survive():
    assert resized("rows = 4_096  # many\r\nb = 1\r\n", {"b": 2}) == "rows = 4_096  # many\r\nb = 2\r\n"


@pytest.mark.parametrize("name", ["row", "again", "inner", "double", "flag"])
def test_what_is_no_constant_is_refused_with_the_nearest(name):
    with pytest.raises(TaskError, match=f"no size constant '{name}'.*rows"):
        resized(TEXT, {name: 3})


def test_text_that_is_not_python_is_refused_with_its_line():
    with pytest.raises(TaskError, match="line 2"):
        constants("a = 1\nb = = 2\n")

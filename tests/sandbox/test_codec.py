"""Codec: what is encoded comes back, and what does not fit is refused by name."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.codec import CodecError, decode, encode
from sandbox.wire import Job, MeasurePlan


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Leaf:
    number: float
    colour: Colour = Colour.RED
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    leaf: Leaf
    more: Mapping[str, Leaf] = field(default_factory=dict)
    maybe: int | None = None


leaves = st.builds(
    Leaf,
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(Colour),
    st.lists(st.text(), max_size=3).map(tuple),
)
trees = st.builds(
    Tree, leaves, st.dictionaries(st.text(max_size=5), leaves, max_size=3), st.none() | st.integers(-9, 9)
)


@given(trees)
def test_what_goes_through_json_comes_back_equal(tree):
    assert decode(Tree, json.loads(json.dumps(encode(tree)))) == tree


def test_an_unknown_key_is_refused_with_its_path_and_the_nearest():
    with pytest.raises(CodecError, match=r"'leaf.colur'; did you mean colour\?"):
        decode(Tree, {"leaf": {"number": 1, "colur": "red"}})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"leaf": {"number": "x"}}, r"leaf\.number: float expected, got 'x'"),
        ({"leaf": {"number": True}}, r"leaf\.number: float expected"),
        ({"leaf": {"number": 1, "colour": "green"}}, r"leaf\.colour: no 'green'; there are red, blue"),
        ({"leaf": {"number": 1, "words": [1]}}, r"leaf\.words\[0\]: str expected"),
        ({"leaf": {}}, r"leaf: .*number"),
        ({"leaf": {"number": 1}, "maybe": "x"}, r"maybe: int expected"),
        ([], r"dict expected"),
    ],
)
def test_what_does_not_fit_names_where_and_what(data, words):
    with pytest.raises(CodecError, match=words):
        decode(Tree, data)


def test_a_value_that_the_noun_itself_refuses_is_a_codec_error():
    with pytest.raises(CodecError, match="fewest samples"):
        decode(MeasurePlan, {"min_samples": 300})


def test_a_job_crosses_the_border_whole():
    from sandbox.evaluation import Candidate
    from tasks.task import Task

    job = Job(Task("a/b", "x = 1", small_sizes={"n": 3}), Candidate("y"), counters=("c",))
    assert decode(Job, json.loads(json.dumps(encode(job)))) == job

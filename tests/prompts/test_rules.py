"""Rules over all templates together."""

import re
from dataclasses import fields

import pytest

from prompts.library import SHIPPED, Library
from prompts.scene import Exhibit, Scene

WORDS = {file.relative_to(SHIPPED).as_posix(): file.read_text() for file in SHIPPED.glob("**/*.j2")}


@pytest.mark.parametrize("noun", [Scene, Exhibit])
def test_what_is_put_before_a_template_is_used_by_one(noun):
    taken = {found for words in WORDS.values() for found in re.findall(r"\.(\w+)", words)}
    # Counters reach a template through the stage that declares them.
    assert {field.name for field in fields(noun)} - taken <= {"profile"}


def test_every_partial_is_said_by_someone():
    included = {name for words in WORDS.values() for name in re.findall(r'include "([^"]+)"', words)}
    code = (SHIPPED / "library.py").read_text()
    partials = {name for name in WORDS if name.startswith("partials/")}
    assert {name for name in partials - included if f'"{name}"' not in code} == set()


def test_no_model_is_asked_to_judge_its_own_gain():
    said = [
        name for name, words in WORDS.items() if re.search(r"revert|roll back|go back to the", words, re.IGNORECASE)
    ]
    assert said == []


def test_no_figure_of_a_card_is_typed_into_a_template():
    figures = re.compile(r"\b(rtx ?\d{4}|[ahl]\d{2,3}s?|\d+ (SMs|TFLOPS|GB/s|KB))\b", re.IGNORECASE)
    assert {name: figures.findall(words) for name, words in WORDS.items() if figures.search(words)} == {}


def test_a_stage_explains_every_counter_that_it_adds_to_the_core():
    for stage in Library().stages.values():
        silent = [name for name in stage.metrics if name not in stage.template]
        assert not silent, f"{stage.name} shows {silent} and does not say what they mean"

"""A plan is read from what a model says, or one line says why not."""

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.plan import Plan, PlanError, read_plan

PLAN = Plan(True, "It waits.", ("dram = 12",), "Implicit GEMM.", ("Gather.", "Multiply."), 2.5)
JSON = json.dumps(asdict(PLAN), indent=2)


def changed(**fields):
    return json.dumps(asdict(PLAN) | fields)


@pytest.mark.parametrize(
    "reply",
    [
        JSON,
        f"```json\n{JSON}\n```",
        f"My plan:\n\n```\n{JSON}\n```\nThat is all.".replace("\n", "\r\n"),
        f"So {json.dumps(asdict(PLAN))}. Good luck with {{tiles}}.",
        f"<think>Perhaps {changed(algorithm='another')}</think>\n{JSON}",
        f"Perhaps {changed(algorithm='another')}\n</think>\n{JSON}",
        f"A first draft: {changed(algorithm='another')}\nBetter:\n{JSON}",
        f'`for (i) {{ x[i]; }}` and {{"not": json}} first.\n{JSON}',
        changed(remark={"confidence": 0.5}),
        changed(expected_speedup=2.5, bottleneck="It waits.") + "\n{ }",
    ],
)
def test_the_last_object_outside_the_thought_is_the_plan(reply):
    assert read_plan(reply) == PLAN


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("", "the reply is empty"),
        ("<think>hm {", "cut off: the reply ends inside its <think> part"),
        ("Use tensor cores.", "no JSON object"),
        ("```python\nclass ModelNew: {}\n```", "no JSON object"),
        (JSON[:-3], "no JSON object that can be read: "),
        (JSON.replace("true", "True"), "no JSON object that can be read: Expecting value: line 2"),
        ('{"steps": []}', "the last JSON object is no plan: it lacks worthwhile, bottleneck, evidence, algorithm, exp"),
        (JSON.replace("algorithm", "algoritm"), "is no plan: it lacks algorithm"),
        (changed(steps="one"), "is no plan: steps: list expected, got 'one'"),
        (changed(worthwhile="yes"), "is no plan: worthwhile: bool expected, got 'yes'"),
        (changed(expected_speedup="2x"), "is no plan: expected_speedup: float expected, got '2x'"),
        (changed(expected_speedup=True), "is no plan: expected_speedup: float expected"),
        (changed(expected_speedup=0), "above 0, got 0"),
        (changed(expected_speedup=-1.5), "above 0, got -1.5"),
        (changed(expected_speedup=float("nan")), "above 0, got nan"),
        (JSON.replace("2.5", "9" * 400), "above 0, got inf"),
        (changed(bottleneck="\ud800"), "is no plan: .*surrogates not allowed"),
        ('{"a":' * 100_000, "no JSON object that can be read: "),
        ('{"a": ' + "[" * 100_000, "no JSON object that can be read: "),
        (f'{JSON}\n{{"done": true}}', "is no plan: it lacks worthwhile"),
    ],
)
def test_what_is_no_plan_says_why_in_one_line(reply, reason):
    with pytest.raises(PlanError, match=reason) as caught:
        read_plan(reply)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("worthwhile", "speedup", "pays"), [(True, 1.1, True), (True, 1.09, False), (False, 9.0, False)]
)
def test_a_plan_pays_from_ten_per_cent_if_it_says_so(worthwhile, speedup, pays):
    assert replace(PLAN, worthwhile=worthwhile, expected_speedup=speedup).pays is pays


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
plans = st.builds(
    Plan,
    st.booleans(),
    words,
    st.lists(words, max_size=3).map(tuple),
    words,
    st.lists(words, max_size=3).map(tuple),
    st.floats(0, exclude_min=True, allow_infinity=False),
)
prose = st.text(st.sampled_from("abc .,:\n`~#*-()[]\\'}"), max_size=40)


@given(plans, prose, prose, st.sampled_from(["{}", "```json\n{}\n```", "<think>{{}}</think>\n{}"]), st.booleans())
def test_every_plan_comes_back_as_it_was(plan, before, after, form, ascii_only):
    text = json.dumps(asdict(plan), ensure_ascii=ascii_only)
    body = form.format(text.replace("\r\n", "\n"))
    assert read_plan(body if "think" in form else f"{before}\n{body}\n{after}") == plan


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
names = [*asdict(PLAN)]
odd = st.dictionaries(st.sampled_from([*names, "more"]), json_like).map(lambda some: json.dumps(asdict(PLAN) | some))
pieces = st.sampled_from(
    [*'{}[]":,\n`', "true", "1e999", "<think>", "</think>", JSON, *(f'"{name}":' for name in names)]
)


@given(st.text() | odd | st.lists(pieces, max_size=30).map("".join))
def test_junk_is_a_plan_or_the_one_error(reply):
    try:
        reason = "" if read_plan(reply) else "?"
    except PlanError as error:
        reason = str(error)
    assert len(reason.splitlines()) <= 1

"""What every mend owes: it leaves what works, changes what it changes once, and says in a line what it does."""

import ast
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import agent.llm
from agent.llm.recording import load
from prompts.mending import known_mends, mended, mended_by
from prompts.program import read
from prompts.reply import extract

ROOT = Path(__file__).parents[2]
WORKING = [*(ROOT / "prompts/examples").glob("*.py"), *(ROOT / "tests/honest").glob("*.py")]
RECORDED = [
    source
    for file in sorted((Path(agent.llm.__file__).parent / "recordings").glob("*/*.jsonl"))
    for source in (extract(each.text).source for each in load(file))
    if source
]
BROKEN = {
    "main_block": 'def f():\n    return 1\n\n\nif __name__ == "__main__":\n    print(f())  # é\n',
    "missing_import": "# é\nclass ModelNew(nn.Module):\n    x = '€', math.sqrt(2), F.relu, tl.load\n",
    "missing_jit": (
        "import triton\nimport triton.language as tl\n\n\ndef helper(x):\n    return x  # é\n\n\ndef kernel(x_ptr):\n"
        "    tl.store(x_ptr, helper(tl.load(x_ptr)))\n\n\nkernel[(1,)](None)\n"
    ),
    "model_name": (
        "import triton\nimport triton.language as tl\n@triton.jit\ndef k(p):\n    tl.store(p, 1)\n"
        "class Model:\n    def forward(self, x):\n        '€'; super(Model, self); k[(1,)](x)\n"
    ),
    "triton_call": "import triton.language as tl\ndef f(x, é):\n    é = tl.relu(tl.silu(x)), tl.ones([2], é)\n",
    "triton_import": "from triton.language import libdevice as ld\nld.tanh\n",
    "triton_name": "import triton.language as tl\ndef f(é):\n    return é * tl.tanh(é) + tl.math.tanh(é)  # €\n",
}


def test_every_rule_has_a_broken_program_here():
    assert set(BROKEN) == set(known_mends())


@pytest.mark.parametrize("file", WORKING, ids=lambda file: file.stem)
def test_what_works_is_left_as_it_is(file):
    assert mended(file.read_text()).mends == ()


def test_what_was_recorded_is_left_as_it_is():
    assert len(RECORDED) > 20
    assert all(mended(source).source == source for source in RECORDED)


@pytest.mark.parametrize("name", BROKEN)
def test_a_rule_changes_its_program_once_and_into_python(name):
    rule = known_mends()[name]
    after = mended_by(rule, BROKEN[name])
    assert after is not None
    ast.parse(after)
    assert mended_by(rule, after) is None


@pytest.mark.parametrize("name", BROKEN)
def test_edits_stand_in_the_text_and_do_not_overlap(name):
    program = read(BROKEN[name])
    edits = sorted(known_mends()[name].mend(program), key=lambda each: (each.start, each.end))
    assert all(0 <= each.start <= each.end <= len(program.source) for each in edits)
    assert all(one.end <= two.start for one, two in combinations(edits, 2))


@pytest.mark.parametrize("name", BROKEN)
def test_lines_may_end_in_any_way_and_comments_stay(name):
    rule, source = known_mends()[name], BROKEN[name]
    after = mended_by(rule, source)
    assert mended_by(rule, source.replace("\n", "\r\n")).replace("\r\n", "\n") == after
    assert mended_by(rule, f"# first\n\n{source}# last\n").startswith("# first\n")
    assert mended_by(rule, f"# first\n\n{source}# last\n").endswith("# last\n")


@pytest.mark.parametrize("name", known_mends())
def test_what_it_does_is_said_in_one_line(name):
    words = known_mends()[name].words
    assert words.endswith(".")
    assert len(words) <= 120


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(sorted(BROKEN.values()) + RECORDED), min_size=1, max_size=4), st.sampled_from("\n\f"))
def test_mending_ends_in_python_that_needs_no_mending(sources, gap):
    found = mended(gap.join(sources))
    ast.parse(found.source)
    assert mended(found.source).mends == ()


@settings(deadline=None)
@given(st.text("tlF.mah()=:\n #é'import ", max_size=60))
def test_no_text_breaks_the_mender(text):
    after = mended(text).source
    if after != text:
        ast.parse(after)

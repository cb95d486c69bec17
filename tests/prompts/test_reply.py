import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.reply import extract

OLD = "class ModelNew:\n    pass  # old\n"
NEW = "import torch\n\n\nclass ModelNew:\n    pass  # new\n"


@pytest.mark.parametrize(
    "reply",
    [
        f"```python\n{NEW}```",
        f"Here it is:\n\n```python\n{NEW}```\nDone.",
        f"```\n{NEW}```",
        f"```python3\n{NEW}```",
        f"```Python\n{NEW}```",
        f"``` py \n{NEW}``` ",
        f"~~~python\n{NEW}~~~",
        f"````python\n{NEW}````",
        f"```python\n{NEW}```".replace("\n", "\r\n"),
        f"1. The file:\n\n   ```python\n   {NEW.rstrip().replace(chr(10), chr(10) + '   ')}\n   ```\n",
        f"The code was\n```python\n{OLD}```\nand is now\n```python\n{NEW}```",
        f"```python\n{NEW}```\nRun it so:\n```python\nModelNew()\n```\n```bash\nls\n```",
        f"```python\n{NEW}```\nIt used to be\n```diff\n-class ModelNew:\n```",
        f"<think>Perhaps\n```python\n{OLD}```\nno.</think>\n```python\n{NEW}```",
        f"\n<THINK>```python</THINK>```python\n{NEW}```".replace("</THINK>", "</THINK>\n"),
        f"Perhaps\n```python\n{OLD}\n</think>\n```python\n{NEW}```",
        NEW,
        f"<think>x</think>\n{NEW}",
        f"Here is the file.\n\n{NEW}",
        f"```python\n{NEW}```\n```",
        f"```\nA stray fence, then\n```python\n{NEW}```",
        f"```python\n{NEW}```\n```python\nclass ModelNew(:\n```",
    ],
)
def test_the_last_whole_answer_is_taken(reply):
    assert extract(reply).source == NEW
    assert extract(reply).reason == ""


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("", "the reply is empty"),
        (" \n", "the reply is empty"),
        ("I cannot do that.", "no code block"),
        ("```python\nx = 1\n```", "1 block, none defines ModelNew"),
        ("```\na\n```\n```\nb\n```\n```\nc\n```", "3 blocks, none defines ModelNew"),
        (
            "```\na = 1\n```\n```python\nimport torch\n\n\n\n\n\nclass ModelNew(:\n    pass\n```",
            "block 2 does not parse: line 7: invalid syntax",
        ),
        (
            "```diff\n-class ModelNew:\n+class ModelNew(Base):\n```",
            "1 block, and block 1 is a diff: the whole file is needed",
        ),
        (f"```python\n{NEW}", "cut off: code block 1 has no end"),
        (f"```python\n{OLD}```\nNow:\n```python\nimport torch\n\ncla", "cut off: code block 2 has no end"),
        ("<think>Let me see. ```python\nclass ModelNew", "cut off: the reply ends inside its <think> part"),
        ("```python\nclass ModelNew:\n    x = '\0'\n```", "block 1 does not parse: "),
    ],
)
def test_a_reply_without_an_answer_says_why(reply, reason):
    found = extract(reply)
    assert found.source is None
    assert found.reason.startswith(reason)


def test_fences_inside_a_docstring_do_not_end_the_block():
    source = 'class ModelNew:\n    """Use:\n\n```\nModelNew()\n```\n    """\n\n    x = 1\n'
    assert extract(f"So:\n```python\n{source}```\nDone.").source == source


def test_many_fences_do_not_take_forever():
    assert extract("```python\nclass ModelNew(\n" + "```\n" * 20000).source is None


names = st.text("abcxyz_", min_size=1, max_size=8)
literals = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\r\x00"), max_size=30).map(repr)
statements = st.one_of(
    st.builds("{}_ = {}\n".format, names, literals),
    st.builds("def {}_(x):\n    return {}\n".format, names, literals),
    st.builds("# {}\n".format, st.text("ab`~ <>/think", max_size=20)),
)
sources = st.builds(
    "{}class ModelNew:\n    {}\n{}".format,
    st.lists(statements, max_size=4).map("".join),
    literals,
    st.lists(statements, max_size=4).map("".join),
)
prose = st.lists(st.text("abc .,:#*\n", max_size=40), max_size=3).map("\n".join)
other_blocks = st.sampled_from(["", "```\nx = 1\n```\n", "~~~text\nclass ModelNew\n~~~\n", f"```python\n{OLD}```\n"])
fences = st.sampled_from([("```python", "```"), ("```", "```"), ("~~~py", "~~~"), ("`````Python3 ", "`````")])


@given(sources, fences, prose, other_blocks, prose)
def test_any_source_comes_back_byte_for_byte(source, fence, before, block, after):
    ast.parse(source)
    opening, closing = fence
    reply = f"{before}\n{block}{opening}\n{source}{closing}\n{after}"
    assert extract(reply).source == source


@given(st.text("`~\n pyclas ModelNew:<think>/x=1", max_size=200))
def test_no_reply_breaks_the_reader(reply):
    found = extract(reply)
    assert (found.source is None) == bool(found.reason)

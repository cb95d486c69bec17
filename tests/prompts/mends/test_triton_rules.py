"""Names, calls and imports that the installed Triton does not have where they are looked for."""

import pytest

from prompts.mending import known_mends, mended_by
from prompts.triton_api import resolves

TL = "import triton.language as tl\n"
LIB = "from triton.language.extra import libdevice\n"


def after(rule, source):
    return mended_by(known_mends()[rule], source)


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        (f"{TL}tl.tanh(x)\n", f"{LIB}{TL}libdevice.tanh(x)\n"),
        (f"{TL}tl.tanh(tl.tanh(x))  # é\n", f"{LIB}{TL}libdevice.tanh(libdevice.tanh(x))  # é\n"),
        (f"{TL}{LIB}tl.tanh(x)\n", f"{TL}{LIB}libdevice.tanh(x)\n"),
        (f"{TL}tl.math.round(x)\n", f"{LIB}{TL}libdevice.round(x)\n"),
        (f"{TL}tl.libdevice.tanh(x)\n", f"{LIB}{TL}libdevice.tanh(x)\n"),
        (f"{TL}tl.math.sigmoid(x)\n", f"{TL}tl.sigmoid(x)\n"),
        (f"{TL}{LIB}libdevice.sigmoid(x)\n", f"{TL}{LIB}tl.sigmoid(x)\n"),
        (f"import triton\n{TL}triton.language.tanh(x)\n", f"{LIB}import triton\n{TL}libdevice.tanh(x)\n"),
        (
            f"{TL}from triton.language.extra.cuda import libdevice as ld\ntl.pow(x, y)\n",
            f"{TL}from triton.language.extra.cuda import libdevice as ld\nld.pow(x, y)\n",
        ),
    ],
)
def test_a_name_is_taken_from_where_it_is(before, wanted):
    assert after("triton_name", before) == wanted


@pytest.mark.parametrize(
    "source",
    [
        f"{TL}tl.exp(x) + tl.math.exp(x) + tl.sigmoid(x)\n",
        f"{TL}tl.round(x)\n",
        f"{TL}tl.gelu(x)\n",
        f"{TL}libdevice = 1\ntl.tanh(x)\n",
        f"{TL}def f(tl):\n    return tl.tanh(1)\n",
        f"{TL}tl.tanh = None\ntl.tanh\n",
        f"{TL}y = tl.tanh(x) if hasattr(tl, 'tanh') else 0\n",
        "import mine as tl\ntl.tanh(x)\n",
        "tl.tanh(x)\n",
    ],
)
def test_a_name_that_is_there_or_not_certain_is_left(source):
    assert after("triton_name", source) is None


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ("tl.relu(x + 1)", "tl.maximum(x + 1, 0, propagate_nan=tl.PropagateNan.ALL)"),
        ("tl.silu(x) * 2", "(x * tl.sigmoid(x)) * 2"),
        ("tl.ones((M, N), dtype=tl.float32)", "tl.full((M, N), 1, dtype=tl.float32)"),
        ("tl.ones([M], tl.float32)", "tl.full([M], 1, tl.float32)"),
        ("tl.empty([M], tl.float32)", "tl.zeros([M], tl.float32)"),
        ("tl.relu(x,)", "tl.maximum(x, 0, propagate_nan=tl.PropagateNan.ALL,)"),
    ],
)
def test_a_call_becomes_its_exact_equivalent(before, wanted):
    assert after("triton_call", f"{TL}{before}\n") == f"{TL}{wanted}\n"
    assert resolves("triton.language.PropagateNan.ALL")


@pytest.mark.parametrize(
    "call",
    ["tl.relu((x))", "tl.relu(*x)", "tl.silu(x + 1)", "tl.ones([M])", "tl.ones([M], *a)", "(tl.relu)(x)", "tl.gelu(x)"],
)
def test_a_call_that_is_not_plain_is_left(call):
    assert after("triton_call", f"{TL}{call}\n") is None


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ("from triton.language import libdevice", "from triton.language.extra import libdevice"),
        ("from triton.language.math import tanh as t", "from triton.language.extra.libdevice import tanh as t"),
        ("from triton.language import tanh, pow", "from triton.language.extra.libdevice import tanh, pow"),
        ("from triton.language.libdevice import tanh", "from triton.language.extra.libdevice import tanh"),
    ],
)
def test_an_import_is_from_where_it_is(before, wanted):
    assert after("triton_import", f"{before}  # é\n") == f"{wanted}  # é\n"


@pytest.mark.parametrize(
    "source",
    [
        "from triton.language.math import exp\n",
        "from triton.language import tanh, exp\n",
        "from triton.language import nothing_at_all\n",
        "try:\n    from triton.language import libdevice\nexcept ImportError:\n    libdevice = None\n",
        "from .language import libdevice\n",
    ],
)
def test_an_import_that_works_or_is_caught_is_left(source):
    assert after("triton_import", source) is None


@pytest.mark.parametrize(("rule", "line"), [("triton_call", "y = tl.relu(x)"), ("triton_name", "y = tl.tanh(x)")])
def test_a_program_that_may_catch_the_fault_is_left(rule, line):
    assert after(rule, f"{TL}{line}\n")
    assert after(rule, f"{TL}try:\n    {line}\nexcept AttributeError:\n    y = 0\n") is None
    assert after(rule, f"{TL}with contextlib.suppress(AttributeError):\n    {line}\n") is None

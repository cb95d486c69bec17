import pytest

from prompts.mending import known_mends, mended_by


def after(source):
    return mended_by(known_mends()["missing_import"], source)


@pytest.mark.parametrize(
    ("use", "statement"),
    [
        ("math.ceil(2.5)", "import math"),
        ("torch.empty(1)", "import torch"),
        ("nn.Module", "import torch.nn as nn"),
        ("F.relu(1)", "import torch.nn.functional as F"),
        ("F.conv2d(1)", "import torch.nn.functional as F"),
        ("triton.cdiv(1, 2)", "import triton"),
        ("tl.load(1)", "import triton.language as tl"),
        ("libdevice.tanh(1)", "from triton.language.extra import libdevice"),
    ],
)
def test_a_customary_name_that_nobody_binds_is_imported(use, statement):
    assert after(f"def f():\n    return {use}\n") == f"{statement}\ndef f():\n    return {use}\n"


@pytest.mark.parametrize(
    "source",
    [
        "import math\nmath.ceil(2.5)\n",
        "def f(math):\n    return math.ceil(2.5)\n",
        "def f(H, W):\n    return F * H * W\n",
        "def f(x):\n    return F.shape[0]\n",
        "def f(x):\n    return nn.T\n",
        "def f(x):\n    return math.ceil(x), math\n",
        "def f(x):\n    return math.tanh_(x)\n",
        "@triton.jit\ndef k(x, triton):\n    return math.exp(x)\n",
        "from torch import *\nmath.ceil(2.5)\n",
        "exec('import math')\nmath.ceil(2.5)\n",
        "try:\n    x = math.pi\nexcept NameError:\n    x = 3.14\n",
        "def f():\n    return np.zeros(1)\n",
    ],
)
def test_what_may_work_or_mean_something_else_is_left(source):
    assert after(source) is None


def test_it_goes_behind_the_docstring_and_the_future_and_before_a_decorator():
    head = '# é\n"""Words."""\nfrom __future__ import annotations\n'
    body = "\n@torch.no_grad()\ndef f():\n    pass\n"
    assert after(head + body) == f"{head}\nimport torch{body}"


def test_an_import_in_vain_does_not_hide_a_missing_one():
    source = "try:\n    import numpy\nexcept ImportError:\n    numpy = None\nx = math.pi\n"
    assert after(source) == f"import math\n{source}"

"""Dynamo's stand-in: torch's kernels for shapes do without the real one, and who needs it gets it."""

import subprocess
import sys

BEGIN = "import sys, torch\nfrom sandbox.child import no_dynamo\nno_dynamo.install()\n"
REAL = "print('torch._dynamo.utils' in sys.modules)\n"


def ran(program):
    told = subprocess.run([sys.executable, "-c", BEGIN + program], capture_output=True, text=True, check=True)
    return told.stdout.splitlines()


def test_shapes_are_followed_without_it():
    program = "y = torch.softmax(torch.empty(4, 8, device='meta') * 2, -1)\nprint(y.is_meta, tuple(y.shape))\n"
    assert ran(program + REAL) == ["True (4, 8)", "False"]


def test_a_program_that_compiles_gets_the_real_one():
    program = "f = torch.compile(lambda x: x + 1, backend='eager')\nprint(f(torch.ones(2)).tolist())\n"
    assert ran(program + REAL) == ["[2.0, 2.0]", "True"]


def test_parts_of_it_are_imported_as_ever():
    program = "import torch._dynamo.config as c\nprint(isinstance(c.verbose, bool), torch._dynamo.is_compiling())\n"
    assert ran(program + REAL) == ["True False", "True"]


FORMS = ("", "()", "(recursive=False)", "(reason='it prints')")


def test_a_function_is_left_alone_in_every_form_of_the_decorator():
    disabled = [f"{module}.disable{form}" for module in ("torch.compiler", "torch._dynamo") for form in FORMS]
    program = "".join(f"@{each}\ndef f(x, *, y):\n    return x + y\nprint(f(1, y=2))\n" for each in disabled)
    assert ran(program + REAL) == [*["3"] * len(disabled), "False"]

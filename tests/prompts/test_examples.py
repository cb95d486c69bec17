import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from prompts.reply import extract
from tasks.task import Kind

EXAMPLES = Path(__file__).parents[2] / "prompts" / "examples"
PROGRAM = Path(__file__).parent / "examples_run.py"


def errors(*arguments, **environment):
    done = subprocess.run(
        [sys.executable, str(PROGRAM), *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_examples_compute_what_they_claim():
    found = errors(TRITON_INTERPRET="1")
    assert set(found) == set(Kind)
    assert max(found.values()) < 1e-6


@pytest.mark.gpu
def test_examples_compute_what_they_claim_on_a_card():
    assert max(errors("cuda").values()) < 1e-5


@pytest.mark.parametrize("kind", list(Kind))
def test_examples_keep_the_order_that_is_asked_for(kind):
    source = (EXAMPLES / f"{kind}.py").read_text()
    ranks = [rank(node) for node in ast.parse(source).body]
    assert ranks == sorted(ranks)
    assert set(ranks) == {0, 1, 2, 3}
    assert extract(f"```python\n{source}```").source == source


def rank(node):
    if isinstance(node, ast.Import | ast.ImportFrom):
        return 0
    if isinstance(node, ast.FunctionDef):
        return 1 if any(ast.unparse(each) == "triton.jit" for each in node.decorator_list) else 2
    assert isinstance(node, ast.ClassDef)
    return 3

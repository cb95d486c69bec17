import pytest

from sandbox.evaluation import Candidate, Verdict
from sandbox.screen import screen


def test_a_candidate_with_its_class_passes():
    assert screen(Candidate("import torch\nclass ModelNew(torch.nn.Module): ...")) is None


@pytest.mark.parametrize("named", ["ModelNew = Fast", "ModelNew: type = Fast", "if True:\n    class ModelNew: ..."])
def test_a_class_may_get_its_name_in_any_way(named):
    assert screen(Candidate(f"class Fast: ...\n{named}")) is None


@pytest.mark.parametrize("source", ["def f(:\n  pass", "x = 1\n  y = 2", "a\0b", "(" * 5000])
def test_what_python_cannot_read_is_broken(source):
    found = screen(Candidate(source))
    assert found is not None
    assert found.verdict is Verdict.BROKEN


def test_the_line_of_a_syntax_error_is_named():
    found = screen(Candidate("x = 1\ny = = 2\n"))
    assert found is not None
    assert found.message.startswith("line 2")


@pytest.mark.parametrize(
    "source", ["", "class Model: ...", "def f():\n    class ModelNew: ...", "class ModelNewer: ..."]
)
def test_a_candidate_without_modelnew_at_the_top_is_rejected(source):
    found = screen(Candidate(source))
    assert found is not None
    assert found.verdict is Verdict.REJECTED
    assert "ModelNew" in found.message

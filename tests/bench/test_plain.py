from pathlib import Path

import pytest
import torch

from bench import plain


def test_the_command_line_names_two_files():
    told = plain.arguments(["reference.py", "kernel.py", "--tolerance", "1e-2", "--tf32"])
    assert (told.reference, told.candidate) == (Path("reference.py"), Path("kernel.py"))
    assert (told.tolerance, told.tf32) == (1e-2, True)


def test_the_customary_tolerance_is_the_usual_one():
    told = plain.arguments(["reference.py", "kernel.py"])
    assert (told.tolerance, told.tf32) == (1e-4, False)


def test_near_enough_is_no_mismatch():
    assert plain.mismatch(torch.ones(3), torch.full((3,), 1.00015), 1e-4) == ""


@pytest.mark.parametrize(
    ("expected", "answered", "said"),
    [
        (torch.ones(3), torch.tensor([1.0, 1.5, 1.0]), "output 0 differs by up to 0.5"),
        (torch.ones(3), torch.ones(1), "shape (1,), expected (3,)"),
        ((torch.ones(3), torch.ones(2)), torch.ones(3), "1 outputs, 2 expected"),
        ((torch.ones(3), torch.ones(2)), (torch.ones(3), torch.zeros(2)), "output 1 differs"),
        (torch.ones(1), torch.tensor([float("nan")]), "output 0 differs by up to nan"),
    ],
)
def test_a_mismatch_says_what_differs(expected, answered, said):
    assert said in plain.mismatch(expected, answered, 1e-4)


def test_a_phase_is_counted_even_where_it_raises():
    phases = plain.Phases()
    with pytest.raises(KeyError), phases("compile"):
        raise KeyError
    with phases("compile"):
        pass
    assert list(phases.seconds) == ["compile"]


def test_a_file_is_loaded_from_its_path(tmp_path):
    file = tmp_path / "kernel.py"
    file.write_text("class ModelNew: pass\n")
    assert plain.loaded(file).ModelNew.__module__ == "kernel"


REFERENCE = """
import torch
class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.randn(3))
    def forward(self, x):
        return x * self.weight
def get_inputs(): return [torch.randn(3)]
def get_init_inputs(): return []
"""


def judged(tmp_path, monkeypatch, candidate):
    """Judge with the CPU in the card's place; only what needs events is left out."""
    monkeypatch.setattr(torch.nn.Module, "cuda", lambda model: model)
    monkeypatch.setattr(torch.Tensor, "cuda", lambda tensor: tensor)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: None)
    monkeypatch.setattr(
        plain, "event_times_ms", lambda model, inputs: [2.0 if type(model).__name__ == "Model" else 1.0]
    )
    files = tmp_path / "reference.py", tmp_path / "kernel.py"
    for file, source in zip(files, (REFERENCE, candidate), strict=True):
        file.write_text(source)
    with torch.no_grad():
        return plain.judged(plain.arguments([str(each) for each in files]), plain.Phases())


def test_a_right_candidate_takes_the_references_weights_and_is_timed(tmp_path, monkeypatch):
    candidate = REFERENCE.replace("Model(", "ModelNew(").replace("randn(3))", "zeros(3))")
    found = judged(tmp_path, monkeypatch, candidate)
    assert (found["verdict"], found["speedup"]) == ("correct", 2.0)


def test_a_wrong_candidate_is_not_timed(tmp_path, monkeypatch):
    found = judged(tmp_path, monkeypatch, REFERENCE.replace("Model(", "ModelNew(").replace("x * self", "x + self"))
    assert found["verdict"] == "wrong"
    assert "trial 1 of 5" in found["message"]
    assert "speedup" not in found

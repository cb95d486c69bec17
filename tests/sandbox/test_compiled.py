"""The reference under torch.compile as a candidate's text, and what becomes of one that cannot be timed."""

import torch

from sandbox.compiled import Compiled, compiled_source
from sandbox.evaluation import Baseline, BaselineName, Source, Timing, Verdict
from sandbox.ruling import Ruling

REFERENCE = """
import torch
class Model(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = torch.nn.Linear(width, 3)
    def forward(self, x): return self.linear(x)
"""
TIMING = Timing((1.0,), Source.MEASURED)


def test_the_text_compiles_the_reference_and_keeps_its_weights_names(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", "elsewhere")
    modes = []
    monkeypatch.setattr(torch, "compile", lambda call, mode: modes.append(mode) or call)
    for name in (BaselineName.COMPILE, BaselineName.MAX_AUTOTUNE):
        namespace = {"__name__": "candidate"}
        exec(compiled_source(REFERENCE, name), namespace)
        model = namespace["ModelNew"](4)
        assert list(model.state_dict()) == ["linear.weight", "linear.bias"]
        assert model(torch.ones(2, 4)).shape == (2, 3)
    assert modes == ["default", "max-autotune"]


def test_each_is_tried_once_and_a_failure_is_a_note():
    tried = []

    def time(source):
        tried.append(source)
        if "max-autotune" in source:
            raise Ruling(Verdict.CRASHED, "the compiler\nfell over")
        return TIMING

    compiled = Compiled(REFERENCE, time)
    for _ in range(2):
        baselines, notes = compiled.timed((BaselineName.COMPILE, BaselineName.MAX_AUTOTUNE))
        assert baselines == (Baseline(BaselineName.COMPILE, TIMING),)
        assert notes == ("no compile-max-autotune baseline: crashed: the compiler fell over",)
    assert len(tried) == 2
    assert compiled.timed(()) == ((), ())

"""Scenes to render."""

import pytest

from prompts.library import Library
from prompts.scene import Exhibit, Scene
from prompts.triton_api import installed_api
from sandbox.evaluation import Candidate, Environment, Evaluation, Source, Timing, Verdict
from sandbox.gpu import gpu_named
from sandbox.metrics import CounterSource, NcuMetrics
from tasks.task import Task

REFERENCE = '''import torch
import torch.nn as nn


class Model(nn.Module):
    """Conv2d, minimum with a constant, bias, scale. {{ not a template }}"""

    def forward(self, x):
        return (torch.min(self.conv(x), torch.tensor(0.5)) + self.bias) * 2.0
'''
CODE = """import triton
import triton.language as tl


@triton.jit
def conv2d_min_bias_scale_kernel(x_ptr):
    acc = 0.0  # {% not a tag %} ```


class ModelNew:
    pass
"""


def correct(ms=14.2, eager_ms=4.1, source=Source.MEASURED):
    card = Environment("cuda" if source is Source.MEASURED else "emulated", "NVIDIA GeForce RTX 4090", "torch 2.13.0")
    return Evaluation(
        Verdict.CORRECT, timing=Timing((ms,), source), eager=Timing((eager_ms,), source), environment=card
    )


@pytest.fixture(scope="session")
def library():
    return Library()


@pytest.fixture
def profile():
    counters = {
        "sm__throughput.avg.pct_of_peak_sustained_elapsed": 66.5234,
        "launch__grid_size": 127008.0,
        "sm__warps_active.avg.pct_of_peak_sustained_active": 24.97,
        "dram__throughput.avg.pct_of_peak_sustained_elapsed": 4.1,
        "lts__t_sector_hit_rate.pct": 87.89,
        "launch__registers_per_thread": 64.0,
    }
    return NcuMetrics({"conv2d_min_bias_scale_kernel": counters}, CounterSource.NCU)


@pytest.fixture
def best(profile):
    return Exhibit(3, "grid", Candidate(CODE), correct(), profile)


@pytest.fixture
def scene(best):
    task = Task("level2/conv2d_min_add_scale", REFERENCE)
    return Scene(task, gpu_named("rtx4090"), installed_api().version, parents=(best,))

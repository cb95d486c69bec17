"""What a task must move at full size, from shapes alone."""

from sandbox.floor import floor_ms
from sandbox.footprint import footprint
from sandbox.gpu import gpu_named
from tasks.program import load

REFERENCE = """
import torch
class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.ones(1 << 20))
    def forward(self, x): return BODY
def get_inputs(): return [torch.rand(1024, 1 << 20)]
def get_init_inputs(): return []
"""


def test_inputs_weights_and_outputs_are_counted_without_their_memory():
    found = footprint(load(REFERENCE.replace("BODY", "(x * self.scale).sum(-1)"), "tests/scaled"))
    assert found.inputs == 4 << 30
    assert found.weights == 4 << 20
    assert found.outputs == 4 << 10
    gpu = gpu_named("rtx4090")
    assert floor_ms(found, gpu) == ((4 << 30) + (4 << 20)) / (gpu.dram_gb_per_s * 1e6)


def test_what_a_reference_that_looks_at_values_gives_is_not_known():
    assert footprint(load(REFERENCE.replace("BODY", "x[x > 0]"), "tests/chosen")).outputs is None

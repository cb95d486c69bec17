"""Times a guest on the card: cold caches, fresh secret inputs for every run, and every run checked."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from sandbox import nvml
from sandbox.calling import Call, call, look_again
from sandbox.child.layout import Slot
from sandbox.evaluation import Source, Timing
from sandbox.footprint import Footprint
from sandbox.gpu import GpuSpec
from sandbox.guest import Guest
from sandbox.inputs import Distribution
from sandbox.reference import Reference
from sandbox.stopping import enough
from sandbox.wire import MeasurePlan

Check = Callable[[Sequence[torch.Tensor], Call], None]
"""Looks at the answer to one timed run's inputs; raises Ruling."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """What the protocol costs by itself, for outputs of one task's shapes."""

    overhead_ms: float
    resolution_ms: float
    """Spread of that cost (p10 to p90): shorter times are not told apart from it."""


def sample(guest: Guest, gpu: GpuSpec, plan: MeasurePlan, check: Check) -> Timing:
    """Time until the median is sure enough; the overhead is not yet subtracted. Raises Ruling."""
    begin, samples, clocks = time.monotonic(), list[float](), list[float]()
    flush = _flusher(gpu)
    while not enough(samples, plan, time.monotonic() - begin):
        tensors = guest.reference.draw_inputs(Distribution.OWN)
        made = call(guest, tensors, plan.run_timeout_s, flush)
        if clock := nvml.sm_clock_mhz():
            clocks.append(clock)
        samples.append(made.nanoseconds / 1e6)
        check(tensors, made)
        look_again(guest, made)
    return Timing(tuple(samples), Source.MEASURED, sm_clock_mhz=statistics.median(clocks) if clocks else None)


def _flusher(gpu: GpuSpec) -> Callable[[], None]:
    scrap = torch.empty(int(2 * gpu.l2_mb * (1 << 20)), dtype=torch.uint8, device="cuda")

    def flush() -> None:
        """Throw inputs, weights and outputs out of the L2 cache; leave nothing of ours running."""
        scrap.zero_()
        torch.cuda.synchronize()

    return flush


def sitting_of(null: Timing) -> Sitting:
    """Take the null candidate's times for what the protocol costs."""
    return Sitting(null.median_ms, null.percentile_ms(90) - null.percentile_ms(10))


def without_overhead(timing: Timing, sitting: Sitting) -> Timing:
    """Subtract what the protocol costs, down to what can be told apart from it."""
    least = max(sitting.resolution_ms, 1e-4)
    samples = tuple(max(each - sitting.overhead_ms, least) for each in timing.samples_ms)
    return Timing(samples, timing.source, sitting.overhead_ms, timing.sm_clock_mhz)


def null_source(reference: Reference) -> str:
    """Give a ModelNew that computes nothing and returns tensors of the reference's shapes."""
    kept = ", ".join(
        f"torch.empty_strided({slot.shape}, {slot.stride}, dtype=torch.{slot.dtype}, device='cuda').zero_()"
        for slot in reference.outputs
    )
    return (
        "import torch\n\n\nclass ModelNew(torch.nn.Module):\n"
        "    def __init__(self, *arguments):\n        super().__init__()\n"
        f"        self.kept = [{kept}]\n\n"
        "    def forward(self, *inputs):\n        return self.kept\n"
    )


def floor_ms(reference: Reference | Footprint, gpu: GpuSpec) -> float:
    """Give the least time in which the card's memory can read all inputs and weights and take the outputs.

    Outputs that fit in the L2 cache may never reach the memory. Arithmetic sets no floor: honest algebra may need
    less of it than the reference does.
    """
    read = _bytes(reference.inputs) + _bytes([slot for _, _, slot in reference.weights])
    written = max(0.0, _bytes(reference.outputs) - gpu.l2_mb * (1 << 20))
    return (read + written) / (gpu.dram_gb_per_s * 1e9) * 1e3


def _bytes(slots: Sequence[Slot]) -> int:
    return sum(slot.bytes for slot in slots)

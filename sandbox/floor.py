"""The physical floor of a task on a card: what is not believed below it, and how near a candidate comes."""

from dataclasses import dataclass, replace

from sandbox.evaluation import Timing
from sandbox.footprint import Footprint, footprint_of
from sandbox.gpu import GpuSpec
from sandbox.reference import Reference

LEAST_OF_FLOOR = 0.9
"""A time below this share of what the memory allows is not believed."""


@dataclass(frozen=True, slots=True)
class Floor:
    """Least times for a task's bytes, in milliseconds."""

    possible_ms: float
    """At the faster of the data sheet's bandwidth and the measured one: no honest kernel is faster."""
    reached_ms: float | None
    """At the measured bandwidth; None where none was measured, or where the floor is none."""

    def forbids(self, timing: Timing) -> bool:
        """Whether a time cannot be."""
        return timing.median_ms < LEAST_OF_FLOOR * self.possible_ms


def floor_ms(held: Footprint, gpu: GpuSpec) -> float:
    """Give the least time in which the card's memory can read all inputs and weights and take the outputs.

    Outputs that fit in the L2 cache may never reach the memory. Arithmetic sets no floor: honest algebra may need
    less of it than the reference does. Nothing where the outputs are not known.
    """
    if held.outputs is None:
        return 0.0
    written = max(0.0, held.outputs - gpu.l2_mb * (1 << 20))
    return (held.inputs + held.weights + written) / (gpu.dram_gb_per_s * 1e9) * 1e3


def floor_of(reference: Reference, gpu: GpuSpec, measured_gb_per_s: float | None, eager: Timing) -> Floor:
    """Give a task's floor.

    Where eager itself is faster than the bytes allow, not all of the inputs is read (a look-up in a table), and the
    floor is none.
    """
    held, peak = footprint_of(reference), max(gpu.dram_gb_per_s, measured_gb_per_s or 0.0)
    possible = floor_ms(held, replace(gpu, dram_gb_per_s=peak))
    if eager.median_ms < LEAST_OF_FLOOR * possible:
        return Floor(0.0, None)
    reached = floor_ms(held, replace(gpu, dram_gb_per_s=measured_gb_per_s)) if measured_gb_per_s else 0.0
    return Floor(possible, reached or None)

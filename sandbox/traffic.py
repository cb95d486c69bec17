"""Estimates what a launch moves through each level of memory, from what one program of it touches."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

from sandbox.child.records import Access, Argument, Counted, Requests
from sandbox.gpu import GpuSpec

L2_SHARE = 0.8
"""Of the L2 that data to be read again can count on; the rest passes through (our own calibration)."""
LSU_UNITS = {80: 32, 90: 32, 100: 32, 103: 32}
"""Load/store units of an SM: 32 on the data-centre chips, 16 on the others (NVIDIA's white papers)."""
CYCLES_A_UNIT = 2
"""Cycles that a unit takes for a 64-bit address.

Our own calibration: with it the load/store path of a convolution without ``tl.dot`` that was measured with 99.7 ms on
an RTX 4090 is busy for 87 ms."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Bytes of a whole launch."""

    dram: float
    l2: float
    l1: float
    """As blocks touch it, before any cache."""


def traffic(counted: Counted, grid: tuple[int, int, int], resident_blocks: int, gpu: GpuSpec) -> Traffic:
    """Estimate for a launch of which ``resident_blocks`` lie on one SM at a time."""
    programs = prod(grid)
    footprint = sum(each.unique_bytes for each in counted.arguments) * max(1, resident_blocks)
    missed = max(0.0, 1 - (gpu.smem_kb_per_sm << 10) / max(1.0, footprint))
    l2 = sum(each.unique_bytes + missed * (each.touched_bytes - each.unique_bytes) for each in counted.arguments)
    dram = sum(_dram(each, counted.arguments, grid, gpu) for each in counted.arguments)
    touched = sum(each.touched_bytes for each in counted.arguments)
    return Traffic(min(dram, l2 * programs), l2 * programs, touched * programs)


def _reach(argument: Argument, grid: tuple[int, ...], axes: int) -> float:
    """Bytes that the programs of the first ``axes`` axes touch together."""
    spread = prod(grid[axis] for axis in range(axes) if not argument.shared_along[axis])
    return min(argument.nbytes, argument.unique_bytes * spread)


def _dram(argument: Argument, all_of_them: Iterable[Argument], grid: tuple[int, int, int], gpu: GpuSpec) -> float:
    """Once from memory, and again along an axis whose next program comes after more than the L2 holds."""
    held = gpu.l2_mb * 2**20 * L2_SHARE
    again = 1
    for axis in range(1, 3):
        between = sum(_reach(each, grid, axis) for each in all_of_them)
        if (
            argument.shared_along[axis]
            and grid[axis] > 1
            and between > held
            and _reach(argument, grid, axis) > held / 4
        ):
            again *= grid[axis]
    return _reach(argument, grid, 3) * again


def lsu_cycles(request: Requests, accesses: Iterable[Access], warps: int, gpu: GpuSpec) -> float:
    """Cycles of an SM's load/store path for one execution by all warps of a block.

    A request waits for its turn at the units, and for each 128-byte line that it touches. Threads that ask for what
    others ask for too touch its lines again.
    """
    units = LSU_UNITS.get(gpu.arch, 16)
    requests = request.count * warps
    turns = requests * gpu.warp_size / units * CYCLES_A_UNIT
    near = [each for each in accesses if each.kind == request.kind]
    if not near:
        return turns
    access = min(near, key=lambda each: abs(each.line - request.line))
    asked = requests * gpu.warp_size * request.bytes / access.itemsize
    replicas = max(1.0, asked / max(1.0, access.elements))
    return max(turns, min(access.lines * replicas, requests * min(gpu.warp_size, access.lines)))

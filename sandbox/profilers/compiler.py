"""Fills Nsight Compute's counters without a card: from the target's compiler, and from the model."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

from sandbox.child.records import Access, Compiled, Counted
from sandbox.counters import Counter
from sandbox.gpu import GpuSpec
from sandbox.metrics import CounterSource, NcuMetrics
from sandbox.roofline import OWN_SHARE, Estimate


@dataclass(frozen=True, slots=True)
class Launched:
    """The configuration of a launch that the card would keep."""

    kernel: str
    times: int
    """How often one call of the candidate launches it."""
    grid: tuple[int, int, int]
    compiled: Compiled
    counted: Counted
    estimate: Estimate


def counters(launches: Iterable[Launched], gpu: GpuSpec) -> NcuMetrics:
    """Give each kernel's counters, of its longest launch; the duration is that of all its launches, in ns."""
    longest: dict[str, Launched] = {}
    total: dict[str, float] = {}
    for each in launches:
        total[each.kernel] = total.get(each.kernel, 0.0) + each.times * each.estimate.ms * 1e6
        if each.kernel not in longest or each.estimate.ms > longest[each.kernel].estimate.ms:
            longest[each.kernel] = each
    found = {name: {**_launch(each, gpu), **_modelled(each, gpu)} for name, each in longest.items()}
    for name, values in found.items():
        values[Counter.DURATION] = total[name]
    return NcuMetrics(found, CounterSource.COMPILER)


def _launch(launched: Launched, gpu: GpuSpec) -> dict[str, float]:
    """What the compiler and the card's limits say: exact."""
    held, compiled = launched.estimate.occupancy, launched.compiled
    return {
        Counter.GRID: float(prod(launched.grid)),
        Counter.BLOCK: float(compiled.num_warps * gpu.warp_size),
        Counter.REGISTERS: float(compiled.registers),
        Counter.SHARED_MEMORY: float(compiled.shared_bytes),
        Counter.LIMIT_REGISTERS: float(held.limit_registers),
        Counter.LIMIT_SHARED_MEMORY: float(held.limit_shared_mem),
        Counter.LIMIT_WARPS: float(held.limit_warps),
        Counter.LIMIT_BLOCKS: float(held.limit_blocks),
        Counter.WAVES: launched.estimate.waves,
        Counter.WARPS_ACTIVE: held.percent,
    }


def _modelled(launched: Launched, gpu: GpuSpec) -> dict[str, float]:
    """What follows from the counted accesses and the modelled time."""
    estimate = launched.estimate
    moved, seconds = estimate.traffic, estimate.ms / 1e3
    found: dict[str, float] = {
        Counter.DRAM_BUSY: 100 * moved.dram / (seconds * gpu.dram_gb_per_s * 1e9),
        Counter.SM_BUSY: 100 * estimate.busy_ms / estimate.ms,
        Counter.TENSOR_BUSY: 100 * estimate.tensor_ms * OWN_SHARE / estimate.ms,
        Counter.L2_HITS: 100 * (1 - moved.dram / max(1.0, moved.l2)),
        Counter.L1_HITS: 100 * (1 - moved.l2 / max(1.0, moved.l1)),
    }
    for kind, counter in (("load", Counter.LOADED_SHARE), ("store", Counter.STORED_SHARE)):
        share = _used([each for each in launched.counted.accesses if each.kind == kind])
        if share is not None:
            found[counter] = 100 * share
    return found


def _used(accesses: list[Access]) -> float | None:
    """Share of the bytes in the touched sectors that were asked for."""
    moved = sum(each.times * each.sectors * 32 for each in accesses)
    return sum(each.times * each.elements * each.itemsize for each in accesses) / moved if moved else None

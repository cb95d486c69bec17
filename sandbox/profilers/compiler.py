"""Fills Nsight Compute's counters without a card: from the target's compiler, and from the model."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

from sandbox.child.records import Access, Compiled, Counted
from sandbox.gpu import GpuSpec
from sandbox.metrics import CounterSource, NcuMetrics
from sandbox.roofline import OWN_SHARE, Estimate

DURATION = "gpu__time_duration.sum"


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
    found = {
        name: {**_launch(each, gpu), **_modelled(each, gpu), DURATION: total[name]} for name, each in longest.items()
    }
    return NcuMetrics(found, CounterSource.COMPILER)


def _launch(launched: Launched, gpu: GpuSpec) -> dict[str, float]:
    """What the compiler and the card's limits say: exact."""
    held, compiled = launched.estimate.occupancy, launched.compiled
    return {
        "launch__grid_size": float(prod(launched.grid)),
        "launch__block_size": float(compiled.num_warps * gpu.warp_size),
        "launch__registers_per_thread": float(compiled.registers),
        "launch__shared_mem_per_block": float(compiled.shared_bytes),
        "launch__occupancy_limit_registers": float(held.limit_registers),
        "launch__occupancy_limit_shared_mem": float(held.limit_shared_mem),
        "launch__occupancy_limit_warps": float(held.limit_warps),
        "launch__occupancy_limit_blocks": float(held.limit_blocks),
        "launch__waves_per_multiprocessor": launched.estimate.waves,
        "sm__warps_active.avg.pct_of_peak_sustained_active": held.percent,
    }


def _modelled(launched: Launched, gpu: GpuSpec) -> dict[str, float]:
    """What follows from the counted accesses and the modelled time."""
    estimate = launched.estimate
    moved, seconds = estimate.traffic, estimate.ms / 1e3
    found = {
        "dram__throughput.avg.pct_of_peak_sustained_elapsed": 100 * moved.dram / (seconds * gpu.dram_gb_per_s * 1e9),
        "sm__throughput.avg.pct_of_peak_sustained_elapsed": 100 * estimate.busy_ms / estimate.ms,
        "sm__inst_executed_pipe_tensor.avg.pct_of_peak_sustained_active": 100
        * estimate.tensor_ms
        * OWN_SHARE
        / estimate.ms,
        "lts__t_sector_hit_rate.pct": 100 * (1 - moved.dram / max(1.0, moved.l2)),
        "tex__t_sector_hit_rate.pct": 100 * (1 - moved.l2 / max(1.0, moved.l1)),
    }
    for kind, short in (("load", "ld"), ("store", "st")):
        share = _used([each for each in launched.counted.accesses if each.kind == kind])
        if share is not None:
            found[f"smsp__sass_average_data_bytes_per_sector_mem_global_op_{short}.pct"] = 100 * share
    return found


def _used(accesses: list[Access]) -> float | None:
    """Share of the bytes in the touched sectors that were asked for."""
    moved = sum(each.times * each.sectors * 32 for each in accesses)
    return sum(each.times * each.elements * each.itemsize for each in accesses) / moved if moved else None

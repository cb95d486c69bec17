"""The counters that this program knows by name: what stages ask for, what the card and the compiler answer under.

Names are Nsight Compute's. A stage of the user's own may ask for any other that ``ncu`` has.
"""

from collections.abc import Mapping
from enum import StrEnum


class Counter(StrEnum):
    """One counter of a kernel."""

    DURATION = "gpu__time_duration.sum"
    """Nanoseconds on the card, of all launches together."""
    SM_BUSY = "sm__throughput.avg.pct_of_peak_sustained_elapsed"
    DRAM_BUSY = "dram__throughput.avg.pct_of_peak_sustained_elapsed"
    TENSOR_BUSY = "sm__pipe_tensor_cycles_active.avg.pct_of_peak_sustained_active"
    """By cycles: Hopper's product of a group of warps is one instruction, and a busy pipe would read 1 %."""
    L2_HITS = "lts__t_sector_hit_rate.pct"
    L1_HITS = "l1tex__t_sector_hit_rate.pct"
    WARPS_ACTIVE = "sm__warps_active.avg.pct_of_peak_sustained_active"
    LOADED_SHARE = "smsp__sass_average_data_bytes_per_sector_mem_global_op_ld.pct"
    """Of the bytes in the sectors that loads touch, those that were asked for."""
    STORED_SHARE = "smsp__sass_average_data_bytes_per_sector_mem_global_op_st.pct"
    WAITS_FOR_MEMORY = "smsp__warp_issue_stalled_long_scoreboard_per_warp_active.pct"
    WAITS_FOR_SHARED = "smsp__warp_issue_stalled_short_scoreboard_per_warp_active.pct"
    WAITS_AT_BARRIER = "smsp__warp_issue_stalled_barrier_per_warp_active.pct"
    GRID = "launch__grid_size"
    BLOCK = "launch__block_size"
    WAVES = "launch__waves_per_multiprocessor"
    REGISTERS = "launch__registers_per_thread"
    SHARED_MEMORY = "launch__shared_mem_per_block"
    LIMIT_REGISTERS = "launch__occupancy_limit_registers"
    LIMIT_SHARED_MEMORY = "launch__occupancy_limit_shared_mem"
    LIMIT_BLOCKS = "launch__occupancy_limit_blocks"
    LIMIT_WARPS = "launch__occupancy_limit_warps"


ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    # nvprof's word for it, which lists of counters still carry: a stall on memory is one on the long scoreboard.
    Counter.WAITS_FOR_MEMORY: ("smsp__warp_issue_stalled_memory_dependency_per_warp_active.pct",),
}
"""Names that a counter has on other chips or in other versions, asked for in turn where the first is not known."""


def as_usual(values: Mapping[str, float]) -> dict[str, float]:
    """Put values under the names of ``Counter``, whatever they are called elsewhere; one under both keeps its own."""
    usual = {other: str(name) for name, others in ELSEWHERE.items() for other in others}
    return {
        usual.get(name, name): value for name, value in sorted(values.items(), key=lambda each: each[0] not in usual)
    }


class Joining(StrEnum):
    """How the values of several launches become one."""

    SUM = "sum"
    MEAN = "mean"
    """Weighted by the time of each launch."""
    LONGEST = "longest"
    """That of the longest launch: an average of grids or registers describes none of them."""


def joining(counter: str) -> Joining:
    """Say how a counter is joined, by the parts of its name (Nsight Compute's naming: unit__what.rollup)."""
    if counter.startswith("launch__"):
        return Joining.LONGEST
    return Joining.SUM if counter.endswith(".sum") else Joining.MEAN

"""Models how long a launch, or an eager operator, takes on a card: the busiest resource, softened by the others.

No number from here is a measurement. What follows a source says which; the rest is our own calibration.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, prod

from sandbox.child.records import Compiled, Counted, Operator, Section
from sandbox.gpu import GpuSpec
from sandbox.occupancy import Occupancy, occupancy
from sandbox.traffic import Traffic, lsu_cycles, traffic

LAUNCH_MS = 0.003
"""Between two kernels in one stream, about 3 µs (our own calibration, from public reports of 2 to 5)."""
DRAM_SHARE = 0.85
"""Of the data sheet's bandwidth that a streaming kernel reaches (public measurements: 0.8 to 0.93)."""
LIBRARY_SHARE, OWN_SHARE = 0.65, 0.75
"""Of the tensor cores' peak that a library's product reaches, and a loop of ``tl.dot`` that waits for nothing else.

Our own calibration: on an RTX 4090 an eager 3x3 convolution of 128x64x128x128 to 128 channels, then three elementwise
operators, takes 13.8 ms."""
CORE_SHARE = 0.8
"""Of the fp32 peak that a library's product reaches without tensor cores (our own calibration)."""
SCHEDULERS = 4
"""Of an SM; each issues one instruction a cycle (all cards since Volta)."""
SHARED_BYTES_A_CYCLE = 128
"""Of an SM's shared memory (CUDA C++ Programming Guide: 32 banks of 4 bytes)."""
L1_CYCLES, L2_CYCLES, DRAM_CYCLES, BARRIER_CYCLES = 35.0, 270.0, 600.0, 30.0
"""Latencies, rounded from public micro-benchmarks of Ada and Hopper."""
DEPENDENT = 1.5
"""Cycles from one instruction of a warp to its next, on average, where it is alone (our own calibration)."""
SHARPNESS = 4.0
"""Exponent of the mean that joins resources: at infinity they overlap, at 1 not at all (our own calibration)."""
_PEAKS = {
    "fp16": "fp16",
    "bf16": "bf16",
    "tf32": "tf32",
    "tf32x3": "tf32",
    "int8": "int8",
    "fp8e4nv": "fp8",
    "fp8e5": "fp8",
}
_EAGER_PEAKS = {"float16": "fp16", "bfloat16": "bf16", "int8": "int8", "float8_e4m3fn": "fp8", "float8_e5m2": "fp8"}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A launch's modelled time, and how long each resource alone would take, all in milliseconds."""

    dram_ms: float
    l2_ms: float
    lsu_ms: float
    """Load/store path and shared memory."""
    issue_ms: float
    tensor_ms: float
    latency_ms: float
    traffic: Traffic
    occupancy: Occupancy
    waves: float
    """Rounds in which the grid passes over the card."""

    @property
    def ms(self) -> float:
        """The launch's time, with its overhead."""
        parts = (self.dram_ms, self.l2_ms, self.lsu_ms, self.issue_ms, self.tensor_ms, self.latency_ms)
        return sum(each**SHARPNESS for each in parts) ** (1 / SHARPNESS) + LAUNCH_MS

    @property
    def busy_ms(self) -> float:
        """The longest of an SM's own resources."""
        return max(self.lsu_ms, self.issue_ms, self.tensor_ms)


def launch(compiled: Compiled, counted: Counted, grid: tuple[int, int, int], gpu: GpuSpec) -> Estimate:
    """Model one launch that the card would accept."""
    held = occupancy(compiled.registers, compiled.shared_bytes, compiled.num_warps, gpu)
    programs, resident = prod(grid), max(1, held.blocks)
    moved = traffic(counted, grid, resident, gpu)
    turns = ceil(programs / gpu.sm_count)
    waves = programs / (gpu.sm_count * resident)
    a_ms = gpu.boost_clock_mhz * 1e3
    work = [(each, _rounds(each, counted)) for each in compiled.sections]
    issue = sum(rounds * each.issue for each, rounds in work) * compiled.num_warps / SCHEDULERS
    lsu = sum(rounds * _memory_cycles(each, counted, compiled.num_warps, gpu) for each, rounds in work)
    waiting = sum(rounds * _latency(each, moved) for each, rounds in work)
    return Estimate(
        dram_ms=moved.dram / (gpu.dram_gb_per_s * DRAM_SHARE * 1e6),
        l2_ms=moved.l2 / (gpu.l2_gb_per_s * 1e6),
        lsu_ms=turns * lsu / a_ms,
        issue_ms=turns * issue / a_ms,
        tensor_ms=_tensor_ms(compiled, counted, turns, gpu),
        latency_ms=max(1.0, waves) * waiting / a_ms if programs else 0.0,
        traffic=moved,
        occupancy=held,
        waves=waves,
    )


def _rounds(section: Section, counted: Counted) -> float:
    """How often a section runs in one program; a loop whose line is lost goes round as often as the longest."""
    if section.loop == 0:
        return 1.0
    known = counted.loops.get(str(section.loop))
    return known if known is not None else max(counted.loops.values(), default=1.0)


def _memory_cycles(section: Section, counted: Counted, warps: int, gpu: GpuSpec) -> float:
    shared = section.shared_bytes * gpu.warp_size * warps / SHARED_BYTES_A_CYCLE
    return shared + sum(lsu_cycles(each, counted.accesses, warps, gpu) for each in section.requests)


def _latency(section: Section, moved: Traffic) -> float:
    """Cycles that one warp takes for a round when nothing else runs."""
    beyond_l1 = moved.l2 / max(1.0, moved.l1)
    beyond_l2 = moved.dram / max(1.0, moved.l1)
    loads = any(each.waits for each in section.requests)
    answer = L1_CYCLES + beyond_l1 * (L2_CYCLES - L1_CYCLES) + beyond_l2 * (DRAM_CYCLES - L2_CYCLES)
    return loads * answer + section.barriers * BARRIER_CYCLES + section.issue * DEPENDENT


def _tensor_ms(compiled: Compiled, counted: Counted, turns: int, gpu: GpuSpec) -> float:
    if not any(each.products for each in compiled.sections):
        return 0.0  # the compiler made multiply-adds of them, which the issue slots hold
    total = 0.0
    for kind, flops in counted.dots.items():
        peak = gpu.peak_tflops.get(_PEAKS.get(kind, kind), gpu.peak_tflops["fp16"]) * (
            1 / 3 if kind == "tf32x3" else 1.0
        )
        total += flops * turns * gpu.sm_count / (peak * OWN_SHARE * 1e9)
    return total


def eager_ms(operators: Iterable[Operator], gpu: GpuSpec, *, tf32: bool) -> float:
    """Model torch running operators in turn, a kernel each; ``tf32`` lets float32 products use tensor cores."""
    return sum(operator_ms(each, gpu, tf32=tf32) for each in operators)


def operator_ms(operator: Operator, gpu: GpuSpec, *, tf32: bool) -> float:
    """Model one operator: the longer of moving its bytes and doing its operations, and a launch."""
    moving = (operator.bytes_read + operator.bytes_written) / (gpu.dram_gb_per_s * DRAM_SHARE * 1e6)
    kind = _EAGER_PEAKS.get(operator.dtype, "tf32" if tf32 and operator.dtype == "float32" else "")
    on_tensor_cores = operator.tensor_core and kind in gpu.peak_tflops
    peak, share = (gpu.peak_tflops[kind], LIBRARY_SHARE) if on_tensor_cores else (gpu.peak_tflops["fp32"], CORE_SHARE)
    return max(moving, operator.flops / (peak * share * 1e9)) + LAUNCH_MS

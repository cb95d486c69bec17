"""Stands in for Triton's CUDA driver: names the target to the compiler and answers questions about it."""

# pyright: reportUnknownLambdaType=false, reportPrivateUsage=false
# What is replaced in torch and Triton has no types, and part of it no public name.

from types import SimpleNamespace
from typing import Any

import torch
import triton.testing
from triton.backends.compiler import GPUTarget
from triton.runtime import driver as active_driver

from sandbox.child.emulator.devices import CARD
from sandbox.gpu import GpuSpec


class TargetDriver:
    """Knows a card that need not be there."""

    def __init__(self, gpu: GpuSpec) -> None:
        self._gpu = gpu
        self.utils = SimpleNamespace(get_device_properties=lambda device: device_properties(gpu))

    def get_current_target(self) -> GPUTarget:
        """Name the architecture that kernels are compiled for."""
        return GPUTarget("cuda", self._gpu.arch, self._gpu.warp_size)

    def get_current_device(self) -> int:
        """Give the number of the only card."""
        return 0

    def set_current_device(self, device: int) -> None:
        """Stay with the only card."""

    def get_current_stream(self, device: int = 0) -> int:
        """Give the handle of the only stream."""
        return 0

    def get_device_capability(self, device: int = 0) -> tuple[int, int]:
        """Give major and minor compute capability."""
        return self._gpu.arch // 10, self._gpu.arch % 10

    def get_active_torch_device(self) -> torch.device:
        """Give what torch calls the card."""
        return CARD

    def get_device_interface(self) -> Any:
        """Give torch's module of the card."""
        return torch.cuda

    def get_benchmarker(self) -> Any:
        """Give a benchmark that runs once: nothing can be timed here."""
        return run_once


BUS_BITS = 384


def device_properties(gpu: GpuSpec) -> dict[str, int]:
    """Give what Triton's driver gives, under its names; clocks in kHz, shared memory in bytes.

    Width and clock of the memory are not in a spec, only what programs compute from them: its bandwidth.
    """
    return {
        "max_shared_mem": gpu.smem_kb_per_block << 10,
        "max_num_regs": gpu.registers_per_sm,
        "multiprocessor_count": gpu.sm_count,
        "warpSize": gpu.warp_size,
        "sm_clock_rate": int(gpu.boost_clock_mhz * 1000),
        "mem_clock_rate": int(gpu.dram_gb_per_s * 1e6 / 2 / (BUS_BITS / 8)),
        "mem_bus_width": BUS_BITS,
    }


def run_once(function: Any, *_: Any, quantiles: Any = None, **__: Any) -> Any:
    """Run ``function`` once and say one millisecond, a list where ``quantiles`` are asked for."""
    function()
    return [1.0] * len(quantiles) if quantiles else 1.0


def install(gpu: GpuSpec) -> None:
    """Make the stand-in Triton's active driver."""
    active_driver.set_active(TargetDriver(gpu))  # type: ignore[arg-type]  # has what is asked of a driver here
    testing: Any = triton.testing
    testing.do_bench = testing.do_bench_cudagraph = run_once

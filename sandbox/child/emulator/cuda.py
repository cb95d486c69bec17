"""Answers for ``torch.cuda`` with the figures of the target card."""

# pyright: reportUnknownLambdaType=false, reportPrivateUsage=false
# What is replaced in torch and Triton has no types, and part of it no public name.

import contextlib
import time
from types import SimpleNamespace
from typing import Any

import torch

from sandbox.child.emulator import Unsupported
from sandbox.child.emulator.devices import CARD
from sandbox.gpu import GpuSpec


class Stream:
    """One queue; everything here has already happened when it is asked for."""

    cuda_stream = 0
    stream_id = 0
    device = CARD
    device_index = 0

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def synchronize(self) -> None:
        """Return at once, as all the waiting methods do."""

    def wait_stream(self, stream: "Stream") -> None:
        """Return at once."""

    def wait_event(self, event: "Event") -> None:
        """Return at once."""

    def query(self) -> bool:
        """Say that all is done."""
        return True

    def record_event(self, event: "Event | None" = None) -> "Event":
        """Give the event, recorded."""
        event = event or Event()
        event.record()
        return event

    def __enter__(self) -> "Stream":
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""


class Event:
    """A moment on the host's clock."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self._at = time.perf_counter()

    def record(self, stream: Stream | None = None) -> None:
        """Take the present moment."""
        self._at = time.perf_counter()

    def wait(self, stream: Stream | None = None) -> None:
        """Return at once."""

    def synchronize(self) -> None:
        """Return at once."""

    def query(self) -> bool:
        """Say that all is done."""
        return True

    def elapsed_time(self, end: "Event") -> float:
        """Give host milliseconds until ``end``, at least a microsecond: a divisor must not be zero."""
        return max(1e-3, (end._at - self._at) * 1e3)


def install(gpu: GpuSpec) -> None:
    """Replace what a program may ask ``torch.cuda`` for."""
    answers = {**_questions(gpu), **_contexts(), **_memory(gpu)}
    for name, answer in answers.items():
        setattr(torch.cuda, name, answer)
    cudnn: Any = torch.backends.cudnn
    cudnn.is_acceptable = lambda tensor: False  # no cuDNN library is behind the tensors here


def properties(gpu: GpuSpec) -> SimpleNamespace:
    """Give what ``torch.cuda.get_device_properties`` gives, for the target."""
    major, minor = (int(part) for part in gpu.compute_capability.split("."))
    return SimpleNamespace(
        name=gpu.device_names[0],
        major=major,
        minor=minor,
        total_memory=int(gpu.dram_gb * 2**30),
        multi_processor_count=gpu.sm_count,
        max_threads_per_multi_processor=gpu.max_threads_per_sm,
        max_threads_per_block=gpu.max_threads_per_block,
        regs_per_multiprocessor=gpu.registers_per_sm,
        shared_memory_per_block=48 << 10,
        shared_memory_per_block_optin=gpu.smem_kb_per_block << 10,
        shared_memory_per_multiprocessor=gpu.smem_kb_per_sm << 10,
        warp_size=gpu.warp_size,
        L2_cache_size=int(gpu.l2_mb * 2**20),
        clock_rate=int(gpu.boost_clock_mhz * 1000),
        is_integrated=False,
        is_multi_gpu_board=False,
        gcnArchName="",
    )


def _questions(gpu: GpuSpec) -> dict[str, Any]:
    facts = properties(gpu)
    return {
        "is_available": lambda: True,
        "is_initialized": lambda: True,
        "device_count": lambda: 1,
        "current_device": lambda: 0,
        "get_device_name": lambda device=None: facts.name,
        "get_device_properties": lambda device=None: facts,
        "get_device_capability": lambda device=None: (facts.major, facts.minor),
        "is_bf16_supported": lambda including_emulation=True: facts.major >= 8,
        "get_arch_list": lambda: [f"sm_{gpu.arch}"],
        "is_current_stream_capturing": lambda: False,
    }


def _same(*_: Any, **__: Any) -> contextlib.AbstractContextManager[None]:
    return contextlib.nullcontext()


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _refuse_graph(*_: Any, **__: Any) -> None:
    raise Unsupported("CUDA graphs")


def _each(names: str, function: Any) -> dict[str, Any]:
    """Give every name a function object of its own: torch's own tables refuse one object under two names."""
    return {name: (lambda *args, **kwargs: function(*args, **kwargs)) for name in names.split()}


def _contexts() -> dict[str, Any]:
    one = Stream()
    return {
        **_each(
            "init _lazy_init _lazy_call synchronize set_device set_stream set_rng_state set_rng_state_all", _nothing
        ),
        **_each("manual_seed manual_seed_all seed seed_all", _nothing),
        **_each("CUDAGraph graph make_graphed_callables", _refuse_graph),
        **_each("current_stream default_stream", lambda device=None: one),
        **_each("device device_of stream", _same),
        "get_rng_state": lambda device=None: torch.random.get_rng_state(),
        "get_rng_state_all": lambda: [],
        "Stream": Stream,
        "Event": Event,
    }


def _memory(gpu: GpuSpec) -> dict[str, Any]:
    size = int(gpu.dram_gb * 2**30)
    counters = ["memory_allocated", "max_memory_allocated", "memory_reserved", "max_memory_reserved"]
    resets = ["empty_cache", "ipc_collect", "reset_peak_memory_stats", "reset_max_memory_allocated"]
    answers: dict[str, Any] = {name: lambda device=None: 0 for name in counters}
    return {
        **answers,
        **{name: lambda device=None: None for name in resets},
        "mem_get_info": lambda device=None: (size, size),
    }

"""A candidate's modelled time at full size: what must come out slower or faster than eager, what would not start."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from sandbox.child.records import Compiled, Counted, Followed, Recorded, Section, Site, Variant
from sandbox.evaluation import Source
from sandbox.gpu import gpu_named
from sandbox.metrics import CounterSource
from sandbox.modelled import model
from sandbox.process import Ended, run
from tasks import catalog
from tasks.program import load

CANDIDATES = Path(__file__).parent / "candidates"
GPU = gpu_named("rtx4090")
COPY = """
import torch
class Model(torch.nn.Module):
    def forward(self, x): return x.clone()
def get_inputs(): return [torch.rand(SHAPE)]
def get_init_inputs(): return []
"""
COPY_NEW = """
import torch, triton
import triton.language as tl
@triton.jit
def copy_kernel(x_ptr, y_ptr, n, BLOCK: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    tl.store(y_ptr + at, tl.load(x_ptr + at, mask=at < n), mask=at < n)
class ModelNew(torch.nn.Module):
    def forward(self, x):
        y = torch.empty_like(x)
        copy_kernel[(triton.cdiv(x.numel(), 1024),)](x, y, x.numel(), BLOCK=1024)
        return y
"""
PRODUCT = """
import torch
class Model(torch.nn.Module):
    def forward(self, a, b): return a @ b
def get_inputs(): return [torch.rand(2048, 2048).half(), torch.rand(2048, 2048).half()]
def get_init_inputs(): return []
"""
PRODUCT_NEW = """
import torch, triton
import triton.language as tl
@triton.autotune(configs=[CONFIGS], key=["N"])
@triton.jit
def product_kernel(a_ptr, b_ptr, c_ptr, N, BLOCK: tl.constexpr, DEEP: tl.constexpr):
    m = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    n = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    k = tl.arange(0, DEEP)
    total = tl.zeros((BLOCK, BLOCK), tl.float32)
    for start in range(0, N, DEEP):
        a = tl.load(a_ptr + m[:, None] * N + start + k[None, :])
        b = tl.load(b_ptr + (start + k)[:, None] * N + n[None, :])
        total = tl.dot(a, b, total)
    tl.store(c_ptr + m[:, None] * N + n[None, :], total.to(tl.float16))
class ModelNew(torch.nn.Module):
    def forward(self, a, b):
        c = torch.empty_like(a)
        n = a.shape[0]
        product_kernel[lambda meta: (n // meta["BLOCK"], n // meta["BLOCK"])](a, b, c, n)
        return c
"""
FITS = 'triton.Config({"BLOCK": 128, "DEEP": 32}, num_warps=8, num_stages=3)'
TOO_BIG = 'triton.Config({"BLOCK": 256, "DEEP": 64}, num_warps=8, num_stages=4)'


def modelled(reference, candidate, **options):
    return model(load(reference, "test"), candidate, GPU, run, **{"tf32": True, **options})


def convolution(name):
    return modelled(catalog.find_one("conv2d_min_add_scale").source, (CANDIDATES / name).read_text())


def test_a_convolution_of_scalar_loops_is_at_least_three_times_slower_than_eager():
    found = convolution("scalar_loops.py")
    assert found.timing.source is found.eager.source is Source.MODELLED
    assert found.timing.median_ms > 3 * found.eager.median_ms
    counters = found.metrics.kernels["conv_scalar_kernel"]
    assert found.metrics.source is CounterSource.COMPILER
    assert counters["launch__grid_size"] == 31752 * 4
    assert counters["launch__block_size"] == 128
    assert counters["gpu__time_duration.sum"] == pytest.approx(found.timing.median_ms * 1e6)


def test_an_implicit_gemm_is_faster_than_eager_and_not_faster_than_the_tensor_cores():
    found = convolution("implicit_gemm.py")
    assert found.timing.median_ms < 0.9 * found.eager.median_ms
    assert found.timing.median_ms > 3.63  # 0.3 TFLOP at 82.6 TFLOP/s
    assert found.metrics.slowest["sm__pipe_tensor_cycles_active.avg.pct_of_peak_sustained_active"] > 30


def test_of_a_tuned_kernel_the_fastest_configuration_that_starts_counts():
    found = modelled(PRODUCT, PRODUCT_NEW.replace("CONFIGS", f"{TOO_BIG}, {FITS}"))
    assert not found.refusal
    assert found.metrics.slowest["launch__grid_size"] == 256


def test_a_kernel_that_could_not_start_is_refused_with_the_limit_that_it_breaks():
    found = modelled(PRODUCT, PRODUCT_NEW.replace("CONFIGS", TOO_BIG))
    assert "product_kernel would not start on 4090: shared memory 196608 B, limit 101376" in found.refusal
    assert found.timing is None


def test_what_the_target_compiler_refuses_is_broken():
    found = modelled(COPY.replace("SHAPE", "64"), COPY_NEW.replace("at < n)", "at < n, no_such=1)", 1))
    assert "copy_kernel does not compile" in found.broken
    assert "no_such" in found.broken


def test_an_index_that_overflows_at_full_size_is_found_though_no_such_tensor_fits_here():
    found = modelled(COPY.replace("SHAPE", "3, 1 << 30"), COPY_NEW)
    assert "at full size: copy_kernel" in found.broken
    assert "out-of-bounds load at element -" in found.broken


def test_a_copy_takes_as_long_as_its_bytes_and_as_eager():
    found = modelled(COPY.replace("SHAPE", "1 << 28"), COPY_NEW)
    bytes_ms = 2 * (4 << 28) / GPU.dram_gb_per_s / 1e6
    assert bytes_ms < found.timing.median_ms < 1.3 * bytes_ms
    assert found.timing.median_ms == pytest.approx(found.eager.median_ms, rel=0.05)


def test_operators_of_torch_in_a_candidate_count_as_they_do_in_the_reference():
    plain = "import torch\nclass ModelNew(torch.nn.Module):\n    def forward(self, x): return x.clone()"
    found = modelled(COPY.replace("SHAPE", "1 << 28"), plain)
    assert found.timing == found.eager


def answering(recorded):
    """A child that says this of both runs, whatever it is asked."""
    reply = recorded if isinstance(recorded, bytes) else json.dumps(asdict(Followed(recorded, recorded))).encode()
    return lambda *_, **__: Ended(reply, 0, "the end of its log", False)


def one_launch(**facts):
    section = Section(0, 0, 1.0, 0.0, 0.0, 0.0, ())
    compiled = Compiled(
        **{
            "num_warps": 4,
            "num_stages": 1,
            "registers": 32,
            "spill_bytes": 0,
            "shared_bytes": 0,
            "sections": (section,),
            **facts,
        }
    )
    return Recorded((Site("k", 1, (Variant("", (1, 1, 1), "", compiled, Counted({}, {}, (), ())),)),))


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"[]",
        b"{",
        b'{"sites": 3}',
        b'{"no": 1}',
        b"[" * 100_000,
        one_launch(num_warps=0),
        one_launch(registers=-5),
        one_launch(registers=float("nan")),
    ],
    ids=lambda each: repr(each)[:60],
)
def test_an_answer_that_makes_no_sense_is_no_verdict_and_no_crash(reply):
    found = model(load(COPY.replace("SHAPE", "4"), "test"), "", GPU, answering(reply), tf32=True)
    assert found.unjudged
    assert found.timing is None


def test_an_honest_answer_is_taken():
    found = model(load(COPY.replace("SHAPE", "4"), "test"), "", GPU, answering(one_launch()), tf32=True)
    assert found.timing.median_ms > 0


def test_what_a_child_cannot_follow_is_unjudged_with_its_reason():
    found = model(
        load(COPY.replace("SHAPE", "4"), "test"), "", GPU, answering(Recorded(unsupported="CUDA graphs")), tf32=True
    )
    assert found.unjudged == "CUDA graphs"

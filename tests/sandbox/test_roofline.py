"""How the model answers when a kernel moves more, computes more, or keeps fewer warps."""

from dataclasses import replace

import pytest

from sandbox import roofline
from sandbox.child.records import Access, Argument, Compiled, Counted, Operator, Requests, Section
from sandbox.gpu import gpu_named

GPU = gpu_named("rtx4090")
GRID = (1 << 16, 1, 1)
LOAD, STORE = Requests(3, "load", 8.0, 16.0, True), Requests(4, "store", 8.0, 16.0, False)
COMPILED = Compiled(4, 3, 32, 0, 0, (Section(0, 0, 64.0, 0.0, 0.0, 0.0, (LOAD, STORE)),))
BLOCK_BYTES = 16384.0
COUNTED = Counted(
    {},
    {},
    tuple(Access(each.line, each.kind, 1.0, 4096.0, 128.0, 512.0, 4) for each in (LOAD, STORE)),
    tuple(Argument(name, 1 << 30, BLOCK_BYTES, BLOCK_BYTES, (False, True, True), name == "y") for name in "xy"),
)


def estimate(compiled=COMPILED, counted=COUNTED, grid=GRID, gpu=GPU):
    return roofline.launch(compiled, counted, grid, gpu)


def test_a_streaming_kernel_takes_what_its_bytes_take():
    found = estimate()
    assert found.traffic.dram == 2 * BLOCK_BYTES * GRID[0]
    assert found.dram_ms == max(found.dram_ms, found.l2_ms, found.busy_ms, found.latency_ms)
    assert found.dram_ms < found.ms < 1.2 * found.dram_ms


def test_less_bandwidth_takes_longer():
    assert estimate(gpu=replace(GPU, dram_gb_per_s=GPU.dram_gb_per_s / 2)).ms > 1.7 * estimate().ms


def test_scattered_loads_take_longer_than_neighbouring_ones():
    scattered = replace(COUNTED, accesses=tuple(replace(each, lines=4096.0) for each in COUNTED.accesses))
    assert estimate(counted=scattered).lsu_ms > 7 * estimate().lsu_ms


def test_a_loop_counts_as_often_as_it_goes_round():
    looped = replace(COMPILED, sections=(Section(9, 1, 64.0, 0.0, 0.0, 0.0, (LOAD, STORE)),))
    found = estimate(looped, replace(COUNTED, loops={"9": 50.0}))
    assert found.issue_ms == pytest.approx(50 * estimate().issue_ms)


def test_products_on_tensor_cores_never_beat_their_peak():
    section = replace(COMPILED.sections[0], products=8.0)
    found = estimate(replace(COMPILED, sections=(section,)), replace(COUNTED, dots={"fp16": 1e9}))
    assert found.ms > 1e9 * GRID[0] / (GPU.peak_tflops["fp16"] * 1e9)


def test_waiting_shows_where_few_warps_hide_it():
    waiting = replace(COMPILED, sections=(Section(9, 1, 8.0, 0.0, 0.0, 0.0, (LOAD,)),))
    counted = replace(COUNTED, loops={"9": 100.0})
    many, few = estimate(waiting, counted), estimate(replace(waiting, shared_bytes=90 << 10), counted)
    assert few.occupancy.blocks == 1
    assert few.latency_ms > 8 * many.latency_ms
    assert few.ms > many.ms


def test_what_is_read_again_after_more_than_the_l2_holds_comes_from_memory_again():
    shared = replace(COUNTED.arguments[0], shared_along=(False, True, True))
    again = replace(COUNTED, arguments=(shared, COUNTED.arguments[1]))
    tall, small = estimate(counted=again, grid=(1 << 16, 4, 1)), estimate(counted=again, grid=(1 << 8, 4, 1))
    assert tall.traffic.dram > 4 * BLOCK_BYTES * (1 << 16)
    assert small.traffic.dram == 2 * BLOCK_BYTES * (1 << 8)


def test_an_empty_grid_costs_a_launch():
    assert estimate(grid=(0, 1, 1)).ms == pytest.approx(roofline.LAUNCH_MS)


def test_eager_products_use_tensor_cores_only_where_their_type_does():
    product = Operator("aten.mm", "float32", 1e12, 1e6, 1e6, 4096, True)
    slow, fast = (roofline.operator_ms(product, GPU, tf32=allowed) for allowed in (False, True))
    half = roofline.operator_ms(replace(product, dtype="float16"), GPU, tf32=False)
    assert half < fast
    assert half < slow
    assert slow > 1e12 / (GPU.peak_tflops["fp32"] * 1e9)


def test_eager_elementwise_operators_add_up():
    one = Operator("aten.add", "float32", 1e6, 4e6, 4e6, 1, False)
    assert roofline.eager_ms([one] * 5, GPU, tf32=True) == pytest.approx(5 * roofline.operator_ms(one, GPU, tf32=True))

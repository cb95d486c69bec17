"""How many blocks an SM holds, and which launches a card refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.gpu import gpu_named
from sandbox.occupancy import occupancy, refusal

GPU = gpu_named("rtx4090")


def test_registers_limit_as_on_the_card():
    # A kernel with 168 registers and 4 warps: Nsight Compute showed 25 % of the warps active on an RTX 4090.
    held = occupancy(168, 0, 4, GPU)
    assert (held.limit_registers, held.blocks) == (3, 3)
    assert held.percent == 25.0


def test_shared_memory_limits_with_what_the_system_takes_of_each_block():
    assert occupancy(32, 49 << 10, 4, GPU).limit_shared_mem == 2
    assert occupancy(32, 50 << 10, 4, GPU).limit_shared_mem == 1


def test_small_blocks_are_limited_by_their_number():
    assert occupancy(16, 0, 1, GPU).blocks == GPU.max_blocks_per_sm


@given(st.integers(0, 255), st.integers(0, 99 << 10), st.integers(1, 32))
def test_no_resource_is_given_out_twice(registers, shared, warps):
    held = occupancy(registers, shared, warps, GPU)
    assert held.blocks * warps <= GPU.max_warps_per_sm
    assert held.blocks * registers * warps * GPU.warp_size <= GPU.registers_per_sm
    assert held.blocks * shared <= GPU.smem_kb_per_sm << 10


@pytest.mark.parametrize(
    ("registers", "shared", "warps", "grid", "words"),
    [
        (32, 131072, 4, (1, 1, 1), "shared memory 131072 B, limit 101376"),
        (32, 0, 64, (1, 1, 1), "threads of a block 2048, limit 1024"),
        (128, 0, 32, (1, 1, 1), "registers of a block 131072, limit 65536"),
        (32, 0, 4, (1, 65536, 1), "blocks along y 65536, limit 65535"),
        (255, 101376, 8, (2**31 - 1, 65535, 65535), ""),
    ],
)
def test_a_launch_is_refused_with_the_limit_that_it_breaks(registers, shared, warps, grid, words):
    assert refusal(registers, shared, warps, grid, GPU) == words

"""Says how many blocks of a kernel one SM holds, what limits that, and whether the kernel starts at all."""

from dataclasses import dataclass

from sandbox.gpu import GpuSpec

REGISTER_UNIT = 256
"""A warp's registers come in units of this many (CUDA occupancy calculator, since compute capability 5)."""
SHARED_UNIT, SHARED_RESERVED = 128, 1 << 10
"""Bytes: the unit of shared memory, and what the system takes of each block's (same source, since 8.0)."""
MOST_BLOCKS_Y_Z = 65_535
MOST_BLOCKS_X = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Occupancy:
    """Blocks per SM that each resource would allow, under Nsight Compute's names."""

    limit_registers: int
    limit_shared_mem: int
    limit_warps: int
    limit_blocks: int
    max_warps: int
    """Of an SM."""
    warps: int
    """Of a block."""

    @property
    def blocks(self) -> int:
        """Blocks that one SM holds; 0 for a kernel that cannot start."""
        return min(self.limit_registers, self.limit_shared_mem, self.limit_warps, self.limit_blocks)

    @property
    def percent(self) -> float:
        """Theoretical warps active, as percent of what the SM could hold."""
        return 100.0 * self.blocks * self.warps / self.max_warps


def occupancy(registers: int, shared_bytes: int, warps: int, gpu: GpuSpec) -> Occupancy:
    """Compute it for ``registers`` a thread, ``shared_bytes`` and ``warps`` a block."""
    a_warp = -(-max(1, registers) * gpu.warp_size // REGISTER_UNIT) * REGISTER_UNIT
    by_registers = gpu.registers_per_sm // a_warp // warps
    a_block = -(-(shared_bytes + SHARED_RESERVED) // SHARED_UNIT) * SHARED_UNIT
    return Occupancy(
        limit_registers=by_registers,
        limit_shared_mem=(gpu.smem_kb_per_sm << 10) // a_block,
        limit_warps=gpu.max_warps_per_sm // warps,
        limit_blocks=gpu.max_blocks_per_sm,
        max_warps=gpu.max_warps_per_sm,
        warps=warps,
    )


def refusal(registers: int, shared_bytes: int, warps: int, grid: tuple[int, int, int], gpu: GpuSpec) -> str:
    """Give the limit of the card that a launch breaks, in words with both numbers; empty where it starts."""
    threads = warps * gpu.warp_size
    checks = (
        ("shared memory", shared_bytes, gpu.smem_kb_per_block << 10, " B"),
        ("threads of a block", threads, gpu.max_threads_per_block, ""),
        ("registers of a thread", registers, gpu.max_registers_per_thread, ""),
        ("registers of a block", registers * threads, gpu.registers_per_sm, ""),
        ("blocks along x", grid[0], MOST_BLOCKS_X, ""),
        ("blocks along y", grid[1], MOST_BLOCKS_Y_Z, ""),
        ("blocks along z", grid[2], MOST_BLOCKS_Y_Z, ""),
    )
    return next((f"{what} {value}{unit}, limit {limit}" for what, value, limit, unit in checks if value > limit), "")

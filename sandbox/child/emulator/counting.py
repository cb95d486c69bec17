"""Counts what one program of a launch does to memory and tensor cores, at full size and without any data."""

import sys
import time
from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from triton.runtime.interpreter import TensorHandle

from sandbox.child.emulator import Unsupported
from sandbox.child.emulator.builder import EmulatedBuilder, Handle, numpy_type
from sandbox.child.emulator.interpreter import Launch
from sandbox.child.emulator.memory import Memory
from sandbox.child.emulator.rounds import Rounds
from sandbox.child.records import Access, Argument, Counted

SECTOR_BITS, LINE_BITS = 5, 7
"""A sector of 32 bytes is what the caches move, a line of 128 what a request looks up."""
_PROGRAM_SECONDS = 20.0
Sectors = NDArray[np.int64]


class Tally:
    """What one program did so far."""

    def __init__(self) -> None:
        self.accesses: defaultdict[tuple[int, str, int], NDArray[np.float64]] = defaultdict(lambda: np.zeros(4))
        """(line, kind, itemsize) → executions, addresses, lines, sectors."""
        self.sectors: defaultdict[str, list[tuple[float, Sectors]]] = defaultdict(list)
        self.written: set[str] = set()
        self.dots: defaultdict[str, float] = defaultdict(float)


class CountingBuilder(EmulatedBuilder):
    """Follows addresses, not data: a load gives zeros, a store does nothing."""

    def __init__(self, memory: Memory, file: str) -> None:
        super().__init__(memory)
        self.rounds = Rounds()
        self.tally = Tally()
        self.guessed = False
        """Whether the program so far was given whole numbers that stand for others: addresses may follow from them."""
        self._file = file
        self._deadline = 0.0

    def begin_program(self, x: int, y: int, z: int) -> None:
        """Go to another program, with a new tally."""
        super().begin_program(x, y, z)
        self.rounds.begin_program()
        self.guessed = False
        self.tally = Tally()
        self._deadline = time.monotonic() + _PROGRAM_SECONDS

    def access(self, kind: str, ptrs: Handle, mask: Handle) -> Handle:
        """Check the addresses and count what they touch."""
        if time.monotonic() > self._deadline:
            raise Unsupported(f"one program of the kernel takes longer than {_PROGRAM_SECONDS:.0f} s to follow")
        itemsize = max(1, ptrs.get_element_ty().primitive_bitwidth // 8)
        active = np.broadcast_to(mask.data, ptrs.data.shape)
        region, _ = self.memory.located(kind, ptrs.data, active, itemsize)
        if region is None:
            return ptrs
        offsets = (ptrs.data[active] - np.uint64(region.base)).astype(np.int64)
        sectors = np.unique(offsets >> SECTOR_BITS)
        weight, name = self.rounds.weight, region.names[0]
        lines = np.unique(sectors >> (LINE_BITS - SECTOR_BITS)).size
        seen = (1, np.unique(offsets).size, lines, sectors.size)
        self.tally.accesses[self._line(), kind, itemsize] += weight * np.array(seen)
        self.tally.sectors[name].append((weight, sectors))
        if kind != "load":
            self.tally.written.add(name)
        return ptrs

    def _line(self) -> int:
        frame = sys._getframe(2)  # pyright: ignore[reportPrivateUsage]  # the only way to a line number this cheap
        while frame.f_back is not None and frame.f_code.co_filename != self._file:
            frame = frame.f_back
        return frame.f_lineno if frame.f_code.co_filename == self._file else 0

    def read(self, ptrs: Handle, mask: NDArray[Any], filler: NDArray[Any]) -> NDArray[Any]:
        """Give zeros."""
        self.guessed |= ptrs.get_element_ty().is_int()
        return np.zeros(ptrs.data.shape, filler.dtype)

    def create_masked_store(self, ptrs: Handle, value: Handle, mask: Handle, *hints: Any, **named: Any) -> None:
        """Count a store."""
        self.access("store", ptrs, mask)

    def create_atomic_cas(self, ptr: Handle, cmp: Handle, val: Handle, sem: Any, scope: Any) -> Handle:
        """Count an atomic; what was there is what was hoped for."""
        self.access("atomic", ptr, TensorHandle(np.ones(ptr.data.shape, bool), ptr.dtype))
        return TensorHandle(np.broadcast_to(cmp.data, ptr.data.shape).copy(), cmp.dtype.scalar)

    def create_atomic_rmw(self, rmwOp: Any, ptr: Handle, val: Handle, mask: Handle, sem: Any, scope: Any) -> Handle:  # noqa: N803, PLR0913  # Triton's names
        """Count an atomic; what was there is zero."""
        self.access("atomic", ptr, mask)
        self.guessed |= val.dtype.scalar.is_int()
        return TensorHandle(np.zeros(ptr.data.shape, numpy_type(val.dtype.scalar)), val.dtype.scalar)

    def create_dot(self, a: Handle, b: Handle, d: Handle, input_precision: Any, max_num_imprecise_acc: int) -> Handle:
        """Count a product and leave the accumulator as it is."""
        self._product(a, a.data.shape[-1], d, input_precision)
        return d

    def create_dot_scaled(self, *operands: Any) -> Handle:  # pyright: ignore[reportIncompatibleMethodOverride]  # ten of them
        """Count a product of scaled blocks."""
        left, accumulator = operands[0], operands[-1]
        self._product(left, left.data.shape[-1], accumulator, None)
        return accumulator

    def _product(self, left: Handle, length: int, out: Handle, precision: Any) -> None:
        kind = str(left.dtype.scalar)
        if kind == "fp32":
            kind = str(precision).rsplit(".", 1)[-1].lower()
        self.tally.dots[kind] += self.rounds.weight * 2.0 * out.data.size * length


def counted(launch: Launch, builder: CountingBuilder) -> Counted:
    """Follow a program in the middle of the grid, its neighbours, and the last. Raises KernelError, Unsupported."""
    if 0 in launch.grid:
        return Counted({}, {}, (), ())
    middle = tuple(max(0, side // 2 - 1) for side in launch.grid)
    launch.run(builder, [_program(middle)])
    tally, loops = builder.tally, dict(builder.rounds.totals)
    base = {name: _joined(parts) for name, parts in tally.sectors.items()}
    shared: dict[str, list[bool]] = {name: [True, True, True] for name in base}
    for axis in range(3):
        if launch.grid[axis] > 1:
            launch.run(builder, [_program(tuple(at + (i == axis) for i, at in enumerate(middle)))])
            for name in base:
                shared[name][axis] = _mostly_same(base[name], _joined(builder.tally.sectors.get(name, [])))
    if max(launch.grid) > 1:
        launch.run(builder, [_program(tuple(side - 1 for side in launch.grid))])  # the largest indices, for their check
    regions = {region.names[0]: region for region in builder.memory.regions if region.names}
    return Counted(
        loops={str(line): total for line, total in loops.items()},
        dots=dict(tally.dots),
        accesses=tuple(_access(key, sums) for key, sums in tally.accesses.items()),
        arguments=tuple(_argument(name, regions[name].nbytes, tally, base[name], shared[name]) for name in base),
    )


def _program(at: tuple[int, ...]) -> tuple[int, int, int]:
    x, y, z = at
    return x, y, z


def _joined(parts: list[tuple[float, Sectors]]) -> Sectors:
    return np.unique(np.concatenate([sectors for _, sectors in parts])) if parts else np.zeros(0, np.int64)


def _mostly_same(one: Sectors, other: Sectors) -> bool:
    common = np.intersect1d(one, other, assume_unique=True).size
    return common * 2 > max(1, min(one.size, other.size))


def _access(key: tuple[int, str, int], sums: NDArray[np.float64]) -> Access:
    line, kind, itemsize = key
    times, elements, lines, sectors = (float(each) for each in sums)
    return Access(line, kind, times, elements / times, lines / times, sectors / times, itemsize)


def _argument(name: str, nbytes: int, tally: Tally, sectors: Sectors, shared: list[bool]) -> Argument:
    size = 1 << SECTOR_BITS
    run = sum(each.size for _, each in tally.sectors[name])
    touched = sum(weight * each.size for weight, each in tally.sectors[name])
    along = shared[0], shared[1], shared[2]
    # Rounds that were left out touch new sectors as those that were run do, as far as the tensor reaches.
    unique = min(sectors.size * touched / max(1, run), -(-nbytes // size))
    return Argument(name, nbytes, unique * size, touched * size, along, name in tally.written)

"""The kernel's view of memory: each argument's storage in an address range of its own, every access checked."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

SPAN_BITS = 44
"""Each storage gets 16 TiB of addresses, so that an index gone astray still shows which argument it belongs to."""
FIRST = 1 << 62
"""Above all addresses of a process: pointers that a program made by itself can be told from ours."""
_HALF = 1 << (SPAN_BITS - 1)


class OutOfBoundsError(IndexError):
    """The kernel touched memory outside the tensor that its pointer came from."""


@dataclass(slots=True)
class Region:
    """One storage, and the arguments that lie in it."""

    base: int
    """What a kernel takes for its address."""
    real: int
    nbytes: int
    names: list[str] = field(default_factory=list[str])
    offset: int = 0
    """Bytes from the storage's start to the first argument's first element."""


class Memory:
    """Address ranges of one launch, and of pointers that the host program handed out as numbers."""

    def __init__(self) -> None:
        self.regions: list[Region] = []
        self._by_storage: dict[Any, Region] = {}
        self._handed_out: dict[int, torch.UntypedStorage] = {}

    def begin_launch(self) -> None:
        """Forget the arguments of the launch before."""
        self.regions.clear()
        self._by_storage.clear()

    def hand_out(self, tensor: torch.Tensor) -> None:
        """Note that the program took a tensor's address: a kernel may be given it as a number; keeps it alive."""
        storage = tensor.untyped_storage()
        self._handed_out[storage.data_ptr()] = storage
        if len(self._handed_out) > 4096:
            del self._handed_out[next(iter(self._handed_out))]

    def address(self, name: str, tensor: torch.Tensor) -> int:
        """Address of a tensor's first element as the kernel is to see it."""
        storage = tensor.untyped_storage()
        key: Any = storage._cdata  # type: ignore[attr-defined]  # a meta storage has no other identity
        offset = int(tensor.storage_offset()) * tensor.element_size()
        if key not in self._by_storage:
            real = 0 if tensor.is_meta else storage.data_ptr()
            base = FIRST + (len(self.regions) << SPAN_BITS) + _HALF + real % 4096
            self._by_storage[key] = Region(base, real, storage.nbytes(), offset=offset)
            self.regions.append(self._by_storage[key])
        region = self._by_storage[key]
        region.names.append(name)
        return region.base + offset

    def located(
        self, access: str, pointers: NDArray[Any], mask: NDArray[Any], itemsize: int
    ) -> tuple[Region | None, Any]:
        """Check one access; gives its region and the real addresses (region None: none active, or more than one).

        Raises OutOfBoundsError naming the element and the argument.
        """
        active = pointers[mask]
        if not active.size:
            return None, pointers
        low, high = int(active.min()), int(active.max())
        index = (low - FIRST) >> SPAN_BITS
        if 0 <= index < len(self.regions) and (high - FIRST) >> SPAN_BITS == index:
            region = self.regions[index]
            if low < region.base or high + itemsize > region.base + region.nbytes:
                raise _astray(access, region, active, itemsize)
            return region, pointers - np.uint64(region.base - region.real)
        return None, self._one_by_one(access, pointers, mask, itemsize)

    def _one_by_one(self, access: str, pointers: NDArray[Any], mask: NDArray[Any], itemsize: int) -> NDArray[Any]:
        """Pointers of several regions in one block, or addresses that the program took by ``data_ptr()``."""
        real = pointers.copy()
        for where in np.unique((pointers[mask] >> np.uint64(SPAN_BITS)).astype(np.int64)).tolist():
            index = where - (FIRST >> SPAN_BITS)
            chosen = mask & ((pointers >> np.uint64(SPAN_BITS)) == where)
            if 0 <= index < len(self.regions):
                _, moved = self.located(access, pointers, chosen, itemsize)
                real[chosen] = moved[chosen]
            else:
                self._check_handed_out(access, pointers[chosen].tolist(), itemsize)
        return real

    def _check_handed_out(self, access: str, addresses: Iterable[int], itemsize: int) -> None:
        held = [(start, start + storage.nbytes()) for start, storage in self._handed_out.items()]
        for address in addresses:
            if not any(start <= address and address + itemsize <= end for start, end in held):
                raise OutOfBoundsError(f"{access} at address {address:#x}, which lies in no tensor of this program")


def _astray(access: str, region: Region, active: NDArray[Any], itemsize: int) -> OutOfBoundsError:
    outside = (active < np.uint64(region.base)) | (
        active + np.uint64(itemsize) > np.uint64(region.base + region.nbytes)
    )
    element = (int(active[outside][0]) - region.base - region.offset) // itemsize
    count = (region.nbytes - region.offset) // itemsize
    who = f"argument {region.names[0]}, which has {count}"
    return OutOfBoundsError(f"out-of-bounds {access} at element {element} of {who} ({int(outside.sum())} of the block)")

"""The memory that a guest shares, from the judge's side: weights, then one block of inputs and outputs a set."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from sandbox.child.arena import Arena
from sandbox.child.layout import Slot
from sandbox.reference import Reference


def fresh_pattern() -> int:
    """16 bits that are NaN in every floating-point type of two bytes or more, however often they are repeated.

    Never 0x7FFF: a card writes that for an honest NaN of two bytes.
    """
    return 0x7FF0 + secrets.randbelow(15)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One block's inputs or outputs in the judge's own memory."""

    bytes: torch.Tensor
    start: int
    """Where its slots begin, in bytes, as the slots count."""
    shift: int
    """Bytes from the first block to this one."""

    def tensor(self, slot: Slot) -> torch.Tensor:
        """View one slot."""
        begin = slot.offset - self.start
        return self.bytes[begin : begin + slot.bytes].view(slot.kind).as_strided(slot.shape, slot.stride)


class Exchange:
    """What lies where in an arena, for as many input sets as it has room for."""

    def __init__(self, reference: Reference, arena: Arena, sets: int) -> None:
        """Take an arena of at least ``room(reference, sets)`` bytes."""
        self.sets = sets
        self._reference, self._arena = reference, arena
        self._stride = block_bytes(reference)

    def put_weights(self) -> None:
        """Copy the reference's weights of now into the arena."""
        state = self._reference.state
        for name, _, slot in self._reference.weights:
            self._arena.tensor(slot).copy_(state[name])

    def packed(self, block: int, tensors: Sequence[torch.Tensor]) -> Snapshot:
        """Lay one input set out in the judge's own memory, ready for its block."""
        start, end = self._reference.inputs_start, self._reference.outputs_start
        # Zeros, for what lies between the tensors goes to the candidate too.
        packed = Snapshot(torch.zeros_like(self._area(start, end, block)), start, block * self._stride)
        for slot, each in zip(self._reference.inputs, tensors, strict=True):
            packed.tensor(slot).copy_(each)
        return packed

    def put(self, packed: Snapshot) -> None:
        """Copy a packed input set to its block, at once."""
        self._place(packed).copy_(packed.bytes)

    def poison(self) -> int:
        """Fill the outputs of all blocks with a fresh pattern, and give it."""
        pattern = fresh_pattern()
        for block in range(self.sets):
            self._area(self._reference.outputs_start, self._reference.size, block).view(torch.int16).fill_(pattern)
        return pattern

    def live_outputs(self, block: int) -> torch.Tensor:
        """Give a block's outputs themselves, bytes that the candidate may write at any time."""
        return self._area(self._reference.outputs_start, self._reference.size, block)

    def outputs(self, block: int) -> Snapshot:
        """Copy a block's outputs as they lie in the arena."""
        return Snapshot(self.live_outputs(block).clone(), self._reference.outputs_start, block * self._stride)

    def unchanged(self, before: Snapshot) -> bool:
        """Whether the arena still holds what it held."""
        return torch.equal(self._place(before).view(torch.int64), before.bytes.view(torch.int64))

    def _place(self, snapshot: Snapshot) -> torch.Tensor:
        at = snapshot.start + snapshot.shift
        return self._arena.area[at : at + snapshot.bytes.numel()]

    def _area(self, start: int, end: int, block: int) -> torch.Tensor:
        return self._arena.area[start + block * self._stride : end + block * self._stride]


def block_bytes(reference: Reference) -> int:
    """Give the size of one input set with its outputs."""
    return reference.size - reference.inputs_start


def room(reference: Reference, sets: int) -> int:
    """Give the bytes that the weights and ``sets`` blocks take."""
    return reference.inputs_start + sets * block_bytes(reference)

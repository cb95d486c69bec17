"""The memory that a guest shares, from the judge's side: weights, then one block of inputs and outputs a set."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from sandbox.child.arena import Arena
from sandbox.child.layout import Slot
from sandbox.reference import Reference

_REPEATED = 0x0001_0001_0001_0001
"""Times 16 bits, these bits over a word of eight bytes."""


def fresh_pattern() -> int:
    """16 bits that are NaN in every floating-point type of two bytes or more, however often they are repeated.

    Never 0x7FFF: a card writes that for an honest NaN of two bytes.
    """
    return 0x7FF0 + secrets.randbelow(15)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The inputs or the outputs of one set or of several, in the judge's own memory."""

    bytes: torch.Tensor
    """Sets × bytes of one."""
    start: int
    """Where its slots begin, in bytes, as the slots count."""

    def __getitem__(self, some: slice) -> "Snapshot":
        """Give some of the sets."""
        return Snapshot(self.bytes[some], self.start)

    def tensor(self, slot: Slot) -> torch.Tensor:
        """View one slot of the first set."""
        return self.tensors(slot)[0]

    def tensors(self, slot: Slot) -> torch.Tensor:
        """View one slot of all sets, which are its first dimension."""
        begin = slot.offset - self.start
        typed = self.bytes[:, begin : begin + slot.bytes].view(slot.kind)
        return typed.as_strided((len(self.bytes), *slot.shape), (typed.stride(0), *slot.stride))


class Exchange:
    """What lies where in an arena, for as many input sets as it has room for."""

    def __init__(self, reference: Reference, arena: Arena, sets: int) -> None:
        """Take an arena of at least ``room(reference, sets)`` bytes."""
        self.sets = sets
        self._reference, self._arena = reference, arena
        begin, self._middle = reference.inputs_start, reference.outputs_start - reference.inputs_start
        self._blocks = arena.area[begin : room(reference, sets)].view(sets, -1)

    def put_weights(self) -> None:
        """Copy the reference's weights of now into the arena."""
        state = self._reference.state
        for name, _, slot in self._reference.weights:
            self._arena.tensor(slot).copy_(state[name])

    def packed(self, sets: Sequence[Sequence[torch.Tensor]]) -> Snapshot:
        """Lay input sets out in the judge's own memory, ready for the first blocks."""
        # Zeros, for what lies between the tensors goes to the candidate too.
        packed = Snapshot(torch.zeros_like(self._blocks[: len(sets), : self._middle]), self._reference.inputs_start)
        for slot, each in zip(self._reference.inputs, zip(*sets, strict=True), strict=True):
            for target, tensor in zip(packed.tensors(slot), each, strict=True):
                target.copy_(tensor)
        return packed

    def put(self, packed: Snapshot) -> None:
        """Copy packed input sets to the first blocks, at once."""
        _words(self._place(packed)).copy_(_words(packed.bytes))

    def poison(self) -> int:
        """Fill the outputs of all blocks with a fresh pattern, and give it."""
        pattern = fresh_pattern()
        _words(self._blocks[:, self._middle :]).fill_(pattern * _REPEATED)
        return pattern

    def input_words(self) -> list[tuple[int, int]]:
        """Give each input's first word in a block's inputs, of eight bytes, and how many it has."""
        start = self._reference.inputs_start
        return [((slot.offset - start) // 8, -(-slot.bytes // 8)) for slot in self._reference.inputs]

    def live_inputs(self, sets: int) -> torch.Tensor:
        """Give the first blocks' inputs themselves, blocks × bytes."""
        return self._blocks[:sets, : self._middle]

    def live_outputs(self, sets: int) -> torch.Tensor:
        """Give the first blocks' outputs themselves, blocks × bytes that the candidate may write at any time."""
        return self._blocks[:sets, self._middle :]

    def outputs(self, sets: int) -> Snapshot:
        """Copy the outputs of the first blocks as they lie in the arena."""
        copy = _words(self.live_outputs(sets)).clone(memory_format=torch.contiguous_format)
        return Snapshot(copy.view(torch.uint8), self._reference.outputs_start)

    def unchanged(self, before: Snapshot) -> bool:
        """Whether the arena still holds what it held."""
        return torch.equal(_words(self._place(before)), _words(before.bytes))

    def _place(self, snapshot: Snapshot) -> torch.Tensor:
        begin = snapshot.start - self._reference.inputs_start
        return self._blocks[: len(snapshot.bytes), begin : begin + snapshot.bytes.shape[1]]


def _words(rows: torch.Tensor) -> torch.Tensor:
    """View bytes as words of eight, which slots are aligned to: the card handles rows with gaps word by word."""
    return rows.view(torch.int64)


def block_bytes(reference: Reference) -> int:
    """Give the size of one input set with its outputs."""
    return reference.size - reference.inputs_start


def room(reference: Reference, sets: int) -> int:
    """Give the bytes that the weights and ``sets`` blocks take."""
    return reference.inputs_start + sets * block_bytes(reference)

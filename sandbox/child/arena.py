"""Memory that judge and candidate share: control words in a sealed memfd; tensors behind them, or on the card."""

import fcntl
import mmap
import os

import torch

from sandbox.child import words
from sandbox.child.card import HANDLE_BYTES
from sandbox.child.layout import Slot

HEADER = 4096
"""Bytes before the tensors: the words, then (at HANDLE) the 64 bytes by which a card's buffer is opened."""
HANDLE = words.COUNT * 8


class Arena:
    """Words, and an area of bytes in which tensors lie at their slots."""

    def __init__(self, descriptor: int, area: torch.Tensor | None = None) -> None:
        """Map the memfd; without ``area`` the tensors lie behind its header."""
        self.descriptor = descriptor
        self.memory = mmap.mmap(descriptor, os.fstat(descriptor).st_size)
        self.words = memoryview(self.memory)[: words.COUNT * 8].cast("q")
        self.area = torch.frombuffer(self.memory, dtype=torch.uint8)[HEADER:] if area is None else area
        """uint8, one dimension."""

    @property
    def handle(self) -> bytes:
        """By which a card's buffer is opened."""
        return self.memory[HANDLE : HANDLE + HANDLE_BYTES]

    def tensor(self, slot: Slot) -> torch.Tensor:
        """Give the live view of a slot."""
        flat = self.area[slot.offset : slot.offset + slot.bytes].view(slot.kind)
        return flat.as_strided(slot.shape, slot.stride)

    def close(self) -> None:
        """Close the memfd; the mapping goes with its last view."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def unsized() -> int:
    """Make a memfd of HEADER bytes, all zero, that is not sealed yet; gives its descriptor."""
    descriptor = os.memfd_create("arena", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(descriptor, HEADER)
    return descriptor


def seal(descriptor: int, size: int) -> None:
    """Give it HEADER + ``size`` bytes, which neither side can shrink or grow from now on."""
    os.ftruncate(descriptor, HEADER + size)
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)


def sealed(size: int) -> int:
    """Make a memfd of HEADER + ``size`` bytes of zeros that neither side can shrink or grow; gives its descriptor."""
    descriptor = unsized()
    seal(descriptor, size)
    return descriptor

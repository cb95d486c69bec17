"""Memory of the card that two processes share, by the driver's own interface: torch's goes through pickles."""

import ctypes
import functools
from dataclasses import dataclass
from typing import Any

import torch

HANDLE_BYTES = 64
_LAZY_PEER_ACCESS = 1
# An export opens the whole block that an allocation was carved from; a multiple of the block's size shares no other.
_BLOCK = 2 << 20


class CardError(Exception):
    """The driver refused."""


class _Handle(ctypes.Structure):
    _fields_ = [("reserved", ctypes.c_char * HANDLE_BYTES)]


@dataclass(frozen=True, slots=True)
class _Bytes:
    """What torch wraps without copying."""

    pointer: int
    size: int

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        return {"shape": (self.size,), "typestr": "|u1", "data": (self.pointer, False), "version": 3}


class SharedBuffer:
    """Bytes on the card that another process may open by ``handle``."""

    def __init__(self, size: int) -> None:
        """Allocate at least ``size`` bytes outside torch's pools; raises CardError."""
        _enter_context()
        pointer, handle = ctypes.c_uint64(), _Handle()
        whole = max(1, -(-size // _BLOCK)) * _BLOCK
        _check("cuMemAlloc_v2", ctypes.byref(pointer), ctypes.c_size_t(whole))
        self._pointer = pointer
        _check("cuIpcGetMemHandle", ctypes.byref(handle), pointer)
        self.handle = bytes(handle)
        self.area = _wrapped(pointer.value, whole)
        self.area.zero_()  # it may have held what is none of the candidate's business, and is rehearsed on

    def free(self) -> None:
        """Give the memory back; views of it must not be used any more."""
        _check("cuMemFree_v2", self._pointer)


def opened(handle: bytes, size: int) -> torch.Tensor:
    """Give the ``size`` bytes behind another process's handle; raises CardError."""
    _enter_context()
    pointer = ctypes.c_uint64()
    _check(
        "cuIpcOpenMemHandle_v2",
        ctypes.byref(pointer),
        _Handle.from_buffer_copy(handle),
        ctypes.c_uint(_LAZY_PEER_ACCESS),
    )
    return _wrapped(pointer.value, size)


def _wrapped(pointer: int, size: int) -> torch.Tensor:
    return torch.as_tensor(_Bytes(pointer, size), device="cuda")


def _enter_context() -> None:
    """Make torch's context the current one, in which the driver's calls below then work."""
    torch.zeros(1, device="cuda")


@functools.cache
def driver() -> ctypes.CDLL:
    """Give the driver's library; raises OSError where there is none."""
    return ctypes.CDLL("libcuda.so.1")


def _check(function: str, *arguments: object) -> None:
    code = getattr(driver(), function)(*arguments)
    if code:
        name = ctypes.c_char_p()
        driver().cuGetErrorName(code, ctypes.byref(name))
        raise CardError(f"{function}: {(name.value or b'').decode() or code}")

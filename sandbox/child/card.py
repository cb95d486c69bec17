"""The driver's own interface: memory of the card that two processes share, and copies without a kernel."""

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


_ON_HOST, _ON_CARD = 1, 2


class _Copy2D(ctypes.Structure):
    """CUDA_MEMCPY2D of the driver's cuda.h."""

    _fields_ = [
        ("from_x", ctypes.c_size_t),
        ("from_y", ctypes.c_size_t),
        ("from_kind", ctypes.c_int),
        ("from_host", ctypes.c_void_p),
        ("from_card", ctypes.c_uint64),
        ("from_array", ctypes.c_void_p),
        ("from_pitch", ctypes.c_size_t),
        ("to_x", ctypes.c_size_t),
        ("to_y", ctypes.c_size_t),
        ("to_kind", ctypes.c_int),
        ("to_host", ctypes.c_void_p),
        ("to_card", ctypes.c_uint64),
        ("to_array", ctypes.c_void_p),
        ("to_pitch", ctypes.c_size_t),
        ("width", ctypes.c_size_t),
        ("height", ctypes.c_size_t),
    ]


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


def read(words: torch.Tensor, into: torch.Tensor) -> None:
    """Copy words of the card, equally far apart, to pinned memory and wait for them; raises CardError.

    By a copy engine: a kernel, as torch would start, first takes the card from the process that had it, 0.17 ms on an
    H200 against 0.03.
    """
    size, pitch = words.element_size(), words.stride(0) * words.element_size()
    copied = _Copy2D(
        from_kind=_ON_CARD,
        from_card=words.data_ptr(),
        from_pitch=pitch,
        to_kind=_ON_HOST,
        to_host=into.data_ptr(),
        to_pitch=size,
        width=size,
        height=words.numel(),
    )
    if words.numel():
        _check("cuMemcpy2D_v2", ctypes.byref(copied))


def _wrapped(pointer: int, size: int) -> torch.Tensor:
    return torch.as_tensor(_Bytes(pointer, size), device="cuda")


def _enter_context() -> None:
    """Make torch's context the current one, in which the driver's calls below then work."""
    torch.zeros(1, device="cuda")


@functools.cache
def _driver() -> ctypes.CDLL:
    return ctypes.CDLL("libcuda.so.1")


def _check(function: str, *arguments: object) -> None:
    driver = _driver()
    code = getattr(driver, function)(*arguments)
    if code:
        name = ctypes.c_char_p()
        driver.cuGetErrorName(code, ctypes.byref(name))
        raise CardError(f"{function}: {(name.value or b'').decode() or code}")

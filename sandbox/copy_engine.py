"""Rows of the card, fetched by a copy engine: torch would start a kernel, which takes the card from the candidate."""

import ctypes

import torch

from sandbox.child.card import driver

_ON_HOST, _ON_CARD = 1, 2
_WIDEST = (1 << 31) - 1
"""Bytes from one row to the next that one copy can do (CU_DEVICE_ATTRIBUTE_MAX_PITCH)."""


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


def fetch(rows: torch.Tensor, into: torch.Tensor) -> None:
    """Copy rows of the card, two dimensions with each row in one piece, to pinned memory; waits for them.

    Raises RuntimeError, as torch does, where the card is lost.
    """
    size = rows.element_size()
    height, width, pitch = rows.shape[0], rows.shape[1] * size, rows.stride(0) * size
    if not rows.numel():
        return
    if height > 1 and pitch > _WIDEST:
        for index in range(height):
            fetch(rows[index : index + 1], into[index : index + 1])
        return
    if pitch == width:  # rows without a gap are one: the engine takes its time for each
        height, width = 1, width * height
    wanted = _Copy2D(
        from_kind=_ON_CARD,
        from_card=rows.data_ptr(),
        from_pitch=width if height == 1 else pitch,
        to_kind=_ON_HOST,
        to_host=into.data_ptr(),
        to_pitch=width,
        width=width,
        height=height,
    )
    if code := driver().cuMemcpy2D_v2(ctypes.byref(wanted)):
        raise RuntimeError(f"cuMemcpy2D_v2: {code}")

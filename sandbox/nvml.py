"""The driver's management library: a card's name and its clock, without CUDA and without torch."""

import ctypes
import functools
import os
from typing import Any

_SM_CLOCK = 1


@functools.cache
def _library() -> Any:
    """Give the library, started, or None where there is none."""
    try:
        library = ctypes.CDLL("libnvidia-ml.so.1")
    except OSError:
        return None
    return library if library.nvmlInit_v2() == 0 else None


@functools.cache
def _device() -> ctypes.c_void_p | None:
    """Give the first card that CUDA would use: ``CUDA_VISIBLE_DEVICES`` counts, as an index or a UUID."""
    library, handle = _library(), ctypes.c_void_p()
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0].strip()
    if library is None or not visible:
        return None
    if visible.isdigit():
        code = library.nvmlDeviceGetHandleByIndex_v2(ctypes.c_uint(int(visible)), ctypes.byref(handle))
    else:
        code = library.nvmlDeviceGetHandleByUUID(visible.encode(), ctypes.byref(handle))
    return handle if code == 0 else None


def device_name() -> str | None:
    """What the driver calls the card, for example ``NVIDIA H200``; None where there is none."""
    handle = _device()
    name = ctypes.create_string_buffer(96)
    if handle is None or _library().nvmlDeviceGetName(handle, name, ctypes.c_uint(len(name))):
        return None
    return name.value.decode()


def sm_clock_mhz() -> float | None:
    """SM clock of this moment; None where it can't be read."""
    handle, clock = _device(), ctypes.c_uint()
    if handle is None or _library().nvmlDeviceGetClockInfo(handle, ctypes.c_uint(_SM_CLOCK), ctypes.byref(clock)):
        return None
    return float(clock.value)

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
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0].strip()
    return _handle(visible) if visible else None


def _handle(visible: str) -> ctypes.c_void_p | None:
    """Give a card by its index or UUID."""
    library, handle = _library(), ctypes.c_void_p()
    if library is None:
        return None
    if visible.isdigit():
        code = library.nvmlDeviceGetHandleByIndex_v2(ctypes.c_uint(int(visible)), ctypes.byref(handle))
    else:
        code = library.nvmlDeviceGetHandleByUUID(visible.encode(), ctypes.byref(handle))
    return handle if code == 0 else None


def uuid() -> str | None:
    """Name of this one card in all the world, for example ``GPU-8f5e...``; None where there is none."""
    handle = _device()
    return None if handle is None else _uuid(handle)


def _uuid(handle: ctypes.c_void_p) -> str | None:
    text = ctypes.create_string_buffer(96)
    code = _library().nvmlDeviceGetUUID(handle, text, ctypes.c_uint(len(text)))
    return None if code else text.value.decode()


def cards() -> list[str]:
    """Give the UUIDs of all cards that may be used and are of the first one's kind; nothing where there is none."""
    library, count = _library(), ctypes.c_uint()
    if library is None or library.nvmlDeviceGetCount_v2(ctypes.byref(count)):
        return []
    everyone = ",".join(str(index) for index in range(count.value))
    visible = [each.strip() for each in os.environ.get("CUDA_VISIBLE_DEVICES", everyone).split(",") if each.strip()]
    handles = [handle for each in visible if (handle := _handle(each))]
    alike = [handle for handle in handles if _name(handle) == device_name()]
    return [name for handle in alike if (name := _uuid(handle))]


def one_of() -> tuple[int, int]:
    """Say which card this is, from 0, and of how many in the machine; the only one where nobody knows."""
    handle, index, count = _device(), ctypes.c_uint(), ctypes.c_uint()
    if handle is None:
        return 0, 1
    asked = _library().nvmlDeviceGetIndex(handle, ctypes.byref(index))
    asked = asked or _library().nvmlDeviceGetCount_v2(ctypes.byref(count))
    return (0, 1) if asked else (index.value, count.value)


class _Process(ctypes.Structure):
    _fields_ = [
        ("pid", ctypes.c_uint),
        ("used_bytes", ctypes.c_ulonglong),
        ("gpu_instance", ctypes.c_uint),
        ("compute_instance", ctypes.c_uint),
    ]


_MOST_PROCESSES = 64


def processes() -> list[str]:
    """Name the programs that use the card now, as far as the driver says, each with its pid as the driver sees it."""
    handle, found = _device(), dict[int, str]()
    if handle is None:
        return []
    for kind in ("Compute", "Graphics"):
        count, table = ctypes.c_uint(_MOST_PROCESSES), (_Process * _MOST_PROCESSES)()
        ask = getattr(_library(), f"nvmlDeviceGet{kind}RunningProcesses_v3", None)  # drivers before 510 have it not
        if ask is not None and ask(handle, ctypes.byref(count), table) == 0:
            found |= {each.pid: _program(each.pid) for each in table[: count.value]}
    return [f"{name} ({pid})" for pid, name in found.items()]


def _program(pid: int) -> str:
    text = ctypes.create_string_buffer(256)
    code = _library().nvmlSystemGetProcessName(ctypes.c_uint(pid), text, ctypes.c_uint(len(text)))
    return "unnamed" if code else text.value.decode(errors="replace").rpartition("/")[2]


def device_name() -> str | None:
    """What the driver calls the card, for example ``NVIDIA H200``; None where there is none."""
    handle = _device()
    return None if handle is None else _name(handle)


def _name(handle: ctypes.c_void_p) -> str | None:
    name = ctypes.create_string_buffer(96)
    code = _library().nvmlDeviceGetName(handle, name, ctypes.c_uint(len(name)))
    return None if code else name.value.decode()


def sm_clock_mhz() -> float | None:
    """SM clock of this moment; None where it can't be read."""
    handle, clock = _device(), ctypes.c_uint()
    if handle is None or _library().nvmlDeviceGetClockInfo(handle, ctypes.c_uint(_SM_CLOCK), ctypes.byref(clock)):
        return None
    return float(clock.value)

"""Imports what every candidate will want, before it is known which one comes: this takes longer than most trials."""

import contextlib
import gc
import importlib

from sandbox.child import card

_USUAL = ("triton", "triton.language", "triton.compiler", "triton.runtime.autotuner")
_EMULATOR = tuple(f"sandbox.child.emulator.{name}" for name in ("devices", "cuda", "driver", "interpreter"))


def load(place: str) -> None:
    """Import it; ``place`` is ``cuda`` (whose driver is begun there, and no context is made) or ``emulated``."""
    for name in _USUAL if place == "cuda" else (*_USUAL, *_EMULATOR):
        importlib.import_module(name)
    if place == "cuda":
        # Takes none of the card's memory, as a context would. What is amiss is said when that is made.
        with contextlib.suppress(OSError):
            card.driver().cuInit(0)
        # Triton compiles its own helper with a C compiler, once a cache: a candidate that wants it says what is amiss.
        with contextlib.suppress(Exception):
            importlib.import_module("triton.backends.nvidia.driver").CudaUtils()
    keep()


def keep() -> None:
    """Have the collector, which is off while a process of ours imports, pass over what is there from now on.

    To look at all that torch brings takes a tenth of a second, and could fall into a timed run.
    """
    gc.freeze()
    gc.enable()

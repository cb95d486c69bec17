"""Stands in for torch's dynamo where nothing is compiled: importing it takes a second.

Torch's own kernels for shapes alone are written in Python, and each asks dynamo, when it is first called, to leave it
alone (``torch._compile``, torch 2.13).
"""

import importlib
import sys
from types import ModuleType
from typing import Any

_NAME = "torch._dynamo"


def _given(fn: Any) -> Any:
    return fn


class _Later(ModuleType):
    """Leaves every function as it is; whoever wants anything else gets the real one."""

    def disable(self, fn: Any = None, *_: object, **__: object) -> Any:
        """Give what dynamo is to leave alone; where nothing is named, what a decorator gives it."""
        return _given if fn is None else fn

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(_NAME) is self:
            del sys.modules[_NAME]
        return getattr(importlib.import_module(_NAME), name)


def install() -> None:
    """Put it in dynamo's place, unless that was imported already."""
    sys.modules.setdefault(_NAME, _Later(_NAME))

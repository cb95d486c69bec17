"""Makes the operators that a candidate registers with torch plain functions: the dispatcher knows of no card here."""

# pyright: reportUnknownLambdaType=false
# What is replaced in torch has no types.

from collections.abc import Callable
from typing import Any

import torch

_ON_CARD = ("CUDA", "CompositeExplicitAutograd", "CompositeImplicitAutograd", "")
"""Dispatch keys whose implementation a card's tensors would reach."""
_Function = Callable[..., Any]


class OwnOperator:
    """One operator: the function that runs for tensors on the card. What it registers besides is for others."""

    def __init__(self, function: _Function) -> None:
        self._function = function
        self.default = self

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run it."""
        return self._function(*args, **kwargs)

    def register_kernel(self, device_types: Any, function: _Function | None = None, /) -> _Function:
        """Take an implementation, where it is for the card."""

        def take(given: _Function) -> _Function:
            if device_types is None or "cuda" in device_types:
                self._function = given
            return given

        return take if function is None else take(function)

    def __getattr__(self, name: str) -> _Function:
        """Take backwards, shapes and rules for ``vmap`` without a word."""
        if not name.startswith("register_"):
            raise AttributeError(name)
        return _passed_over


def _passed_over(*given: Any, **_: Any) -> Any:
    functions = [each for each in given if callable(each)]
    return functions[0] if functions else lambda function: function


def _own(operator: Any) -> OwnOperator | None:
    """Find one by itself or by its qualified name."""
    if isinstance(operator, str):
        namespace, _, name = operator.partition("::")
        operator = vars(getattr(torch.ops, namespace)).get(name.partition(".")[0])
    return operator if isinstance(operator, OwnOperator) else None


def _named(name: str, function: _Function) -> OwnOperator:
    namespace, _, short = name.partition("::")
    operator = OwnOperator(function)
    setattr(getattr(torch.ops, namespace), short.partition(".")[0], operator)
    return operator


def _maker(name: str, function: _Function | None = None, /, **_: Any) -> Any:
    """Stand in for ``torch.library.custom_op`` and ``triton_op``."""
    return (lambda given: _named(name, given)) if function is None else _named(name, function)


def _impl(self: Any, name: Any, function: _Function, dispatch_key: str = "", **_: Any) -> None:
    """Stand in for ``torch.library.Library.impl``."""
    if dispatch_key in _ON_CARD:
        short = name if isinstance(name, str) else name._schema.name
        _named(f"{self.ns}::{short.rpartition('::')[2]}", function)


def _registering(name: str, usual: _Function) -> _Function:
    def register(operator: Any, *args: Any, **kwargs: Any) -> Any:
        own = _own(operator)
        return usual(operator, *args, **kwargs) if own is None else getattr(own, name)(*args)

    return register


def install() -> None:
    """Replace what ``torch.library`` offers for defining operators."""
    library: Any = torch.library
    library.custom_op = library.triton_op = _maker
    library.wrap_triton = lambda kernel: kernel
    library.Library.impl = _impl
    for name in ("fake", "kernel", "autograd", "vmap", "autocast", "torch_dispatch"):
        name = f"register_{name}"
        setattr(library, name, _registering(name, getattr(library, name)))

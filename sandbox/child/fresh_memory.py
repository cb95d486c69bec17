"""Makes forgotten memory visible: what torch hands out uninitialised is filled with a pattern, NaN in every float."""

import functools
from collections.abc import Callable
from typing import Any

import torch

_MAKERS = (
    *((torch, name) for name in ("empty", "empty_like", "empty_strided", "empty_permuted")),
    *((torch.Tensor, name) for name in ("new_empty", "new_empty_strided")),
)


def install(pattern: int) -> None:
    """Fill with the 16 bits ``pattern``, repeated, from now on."""
    for owner, name in _MAKERS:
        setattr(owner, name, _filling(getattr(owner, name), pattern))


def _filling(make: Callable[..., Any], pattern: int) -> Callable[..., Any]:
    @functools.wraps(make)
    def made(*args: Any, **kwargs: Any) -> Any:
        tensor = make(*args, **kwargs)
        # Types of one byte cannot hold the pattern, and a truth value must be 0 or 1.
        if tensor.numel() and tensor.element_size() > 1:
            torch.tensor((), dtype=torch.int16).set_(tensor.untyped_storage()).fill_(pattern)
        return tensor

    return made

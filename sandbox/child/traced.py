"""Counts what torch operators do while a program runs on shapes alone."""

from collections.abc import Iterable
from dataclasses import replace
from math import prod
from typing import Any

import torch
from torch.overrides import TorchFunctionMode
from torch.utils import flop_counter
from torch.utils._pytree import tree_flatten

from sandbox.child.dispatch import Mode
from sandbox.child.records import Operator

_FREE = [
    "empty",
    "empty_strided",
    "empty_like",
    "new_empty",
    "new_empty_strided",
    "detach",
    "alias",
    "lift_fresh",
    "_unsafe_view",
    "_reshape_alias",
    "set_",
    "resize_",
    "is_same_size",
    "_local_scalar_dense",
    "record_stream",
    "unsafe_split",
    "unsafe_chunk",
    "unsafe_split_with_sizes",
]
"""Operators that launch nothing; views are known by their schema."""
_PRODUCTS = (
    "mm",
    "bmm",
    "addmm",
    "baddbmm",
    "convolution",
    "_convolution",
    "_scaled_dot_product",
    "linear",
    "_int_mm",
    "_scaled_mm",
)


class _Attention(TorchFunctionMode):
    """Notes attention as the one kernel that it is on a card; on shapes alone torch takes it apart."""

    def __init__(self, trace: "OperatorTrace") -> None:
        super().__init__()
        self._trace = trace

    def __torch_function__(self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func is not torch.nn.functional.scaled_dot_product_attention:
            return func(*args, **kwargs)
        before = len(self._trace.operators)
        result = func(*args, **kwargs)
        parts = self._trace.operators[before:]
        products = sum(each.flops for each in parts if each.tensor_core)
        whole = _noted(None, "_scaled_dot_product", (args, kwargs), result)
        self._trace.operators[before:] = [
            replace(whole, flops=products, reduction=max(each.reduction for each in parts))
        ]
        return result


class OperatorTrace(Mode):
    """While entered, appends an Operator for each kernel that eager torch would launch."""

    def __init__(self) -> None:
        super().__init__()
        self.operators: list[Operator] = []
        self._attention = _Attention(self)

    def __enter__(self) -> "OperatorTrace":
        """Begin."""
        self._attention.__enter__()
        super().__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        """End."""
        super().__exit__(*error)
        self._attention.__exit__(*error)

    def __torch_dispatch__(self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None) -> Any:
        """Run the operator and note it."""
        kwargs = kwargs or {}
        packet = getattr(func, "_overloadpacket", func)
        plain = str(packet).removeprefix("aten.")
        result = func(*args, **kwargs)
        if plain not in _FREE and not _is_view(func):
            self.operators.append(_noted(packet, plain, (args, kwargs), result))
        return result


def _is_view(func: Any) -> bool:
    schema = getattr(func, "_schema", None)
    returns = schema.returns if schema else []
    return bool(returns) and all(each.alias_info is not None and not each.alias_info.is_write for each in returns)


def _noted(packet: Any, plain: str, given: tuple[Any, Any], result: Any) -> Operator:
    read, written = _tensors(given), _tensors(result)
    floating = [each for each in (*read, *written) if each.is_floating_point()] or [*read, *written]
    product = plain.startswith(_PRODUCTS)
    size = max((each.numel() for each in (*read, *written)), default=0)
    flops = size  # one an element, however many the card needs for it
    formula = flop_counter.flop_registry.get(packet)
    if formula is not None:
        args, kwargs = given
        flops = formula(*args, **kwargs, out_val=result)
    outputs = max((each.numel() for each in written), default=1)
    return Operator(
        name=f"aten.{plain}" if "." not in plain else plain,
        dtype=str(floating[0].dtype).removeprefix("torch.") if floating else "float32",
        flops=float(flops),
        bytes_read=float(_bytes(read)),
        bytes_written=float(_bytes(written)),
        reduction=_product_length(flops, outputs) if product else _reduction(plain, given[0], read, outputs),
        tensor_core=product,
    )


def _product_length(flops: float, outputs: int) -> int:
    return max(1, round(flops / 2 / max(1, outputs)))


def _reduction(plain: str, args: tuple[Any, ...], read: list[torch.Tensor], outputs: int) -> int:
    """Length of the sums of an operator that is no product, from its shapes."""
    if not read:
        return 1
    x = read[0]
    if "layer_norm" in plain:
        return prod(args[1])
    if "group_norm" in plain:
        return max(1, x.numel() // (x.shape[0] * args[6]))
    if "batch_norm" in plain:
        return x.numel() // x.shape[1]
    if plain.startswith(("_softmax", "_safe_softmax", "_log_softmax", "cumsum", "cumprod", "logcumsumexp")):
        return x.shape[args[1]] if x.dim() else 1
    return max(1, max(each.numel() for each in read) // max(1, outputs))


def _tensors(value: Any) -> list[torch.Tensor]:
    leaves: Iterable[Any] = tree_flatten(value)[0]
    return [each for each in leaves if isinstance(each, torch.Tensor)]


def _bytes(tensors: list[torch.Tensor]) -> int:
    """Bytes that lie in memory: a broadcast dimension (stride 0) costs nothing."""
    return sum(prod(n for n, step in zip(t.shape, t.stride(), strict=True) if step) * t.element_size() for t in tensors)

"""Makes tensors say that they are on the card, and sends what is asked for there to where tensors really lie."""

# pyright: reportUnknownLambdaType=false, reportPrivateUsage=false
# What is replaced in torch and Triton has no types, and part of it no public name.

import functools
import sys
from collections.abc import Callable
from typing import Any

import torch
from torch.utils import _device as default_devices

CARD = torch.device("cuda", 0)
_FACTORIES = [
    "arange",
    "as_tensor",
    "asarray",
    "bartlett_window",
    "blackman_window",
    "empty",
    "empty_permuted",
    "empty_strided",
    "eye",
    "from_file",
    "full",
    "hamming_window",
    "hann_window",
    "kaiser_window",
    "linspace",
    "logspace",
    "normal",
    "ones",
    "rand",
    "randint",
    "randn",
    "randperm",
    "scalar_tensor",
    "tensor",
    "tril_indices",
    "triu_indices",
    "zeros",
]
_LIKE = ["empty_like", "full_like", "ones_like", "rand_like", "randint_like", "randn_like", "zeros_like"]
_METHODS = ["new_empty", "new_empty_strided", "new_full", "new_ones", "new_tensor", "new_zeros"]
_RANDOM = ["bernoulli_", "cauchy_", "exponential_", "geometric_", "log_normal_", "normal_", "random_", "uniform_"]
_Function = Callable[..., Any]


def install(tensors: str) -> None:
    """Patch torch so that ``cuda`` means ``tensors`` (``cpu`` or ``meta``); with ``meta`` everything made is meta."""
    real = torch.device(tensors)
    _patch_factories(real, everywhere=tensors == "meta")
    _patch_tensor(real)
    _patch_defaults(real)
    if tensors == "meta":
        _patch_reads()


def lies_at(device: Any, real: torch.device) -> Any:
    """Where a tensor asked for on ``device`` is made; what is no card passes through."""
    named_card = isinstance(device, str) and device.split(":")[0] == "cuda"
    typed_card = isinstance(device, torch.device) and device.type == "cuda"
    numbered = isinstance(device, int) and not isinstance(device, bool)
    return real if named_card or typed_card or numbered else device


def _redirected(function: _Function, real: torch.device, everywhere: bool) -> _Function:
    @functools.wraps(function)
    def made(*args: Any, **kwargs: Any) -> Any:
        if everywhere:
            kwargs["device"] = real
        elif kwargs.get("device") is not None:
            kwargs["device"] = lies_at(kwargs["device"], real)
        if kwargs.get("pin_memory"):
            kwargs["pin_memory"] = False
        return function(*args, **kwargs)

    return made


def _patch_factories(real: torch.device, everywhere: bool) -> None:
    for name in _FACTORIES:
        setattr(torch, name, _redirected(getattr(torch, name), real, everywhere))
    for name in _LIKE:
        setattr(torch, name, _redirected(getattr(torch, name), real, everywhere=False))
    for name in _METHODS:
        setattr(torch.Tensor, name, _redirected(getattr(torch.Tensor, name), real, everywhere=False))


def _patch_tensor(real: torch.device) -> None:
    tensor: Any = torch.Tensor
    move = tensor.to

    @functools.wraps(move)
    def to(self: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        asked = kwargs.get("device", args[0] if args else None)
        to_host = isinstance(asked, (str, torch.device)) and torch.device(asked).type == "cpu"
        place = real if to_host else lies_at(asked, real)
        if "device" in kwargs:
            kwargs["device"] = place
        elif args:
            args = (place, *args[1:])
        # From a card to the host is always a copy, which may be changed without changing the original.
        return move(self, *args, **{**kwargs, "copy": True} if to_host else kwargs)

    def stays(self: torch.Tensor, *_: Any, **__: Any) -> torch.Tensor:
        return self

    tensor.to = to
    tensor.cuda = tensor.pin_memory = stays
    tensor.cpu = lambda self, *_, **__: self.clone()
    tensor.is_cuda, tensor.is_cpu = _seen_from_outside("is_cuda", True), _seen_from_outside("is_cpu", False)
    tensor.device = _seen_from_outside("device", CARD)
    tensor.get_device = lambda self: 0
    tensor.record_stream = lambda self, stream: None


def _seen_from_outside(name: str, claim: Any) -> property:
    """Make a property that torch's own Python finds as it is, and any other module as on the card."""
    real: Any = getattr(torch._C.TensorBase, name)

    def get(self: torch.Tensor) -> Any:
        asking: str = sys._getframe(1).f_globals.get("__name__", "")
        return real.__get__(self) if asking.partition(".")[0] == "torch" else claim

    return property(get)


def _patch_defaults(real: torch.device) -> None:
    any_torch: Any = torch
    any_torch.set_default_device = lambda device=None: None
    context: Any = default_devices.DeviceContext
    begin = context.__init__
    context.__init__ = lambda self, device: begin(self, lies_at(device, real))

    class Generator(torch.Generator):
        """A generator of the host that may be asked for on the card."""

        def __new__(cls, device: Any = "cpu") -> "Generator":
            return super().__new__(cls, "cpu")  # pyright: ignore[reportCallIssue]  # torch types no arguments

    any_torch.Generator = Generator
    # Compilers of torch would compile for the host; what they are given means the same uncompiled.
    any_torch.compile = lambda model=None, **_: model if model is not None else (lambda each: each)
    any_torch.jit.script = lambda obj, *_, **__: obj


def _patch_reads() -> None:
    """Let a host program read tensors that hold nothing: every number is one, every condition true."""
    tensor: Any = torch.Tensor
    tensor.item = lambda self: _one(self.dtype)
    tensor.tolist = lambda self: _ones(self).tolist() if self.dim() else _one(self.dtype)
    tensor.numpy = lambda self, **_: _ones(self)
    tensor.__bool__ = lambda self: True
    tensor.__int__ = tensor.__index__ = lambda self: 1
    tensor.__float__ = lambda self: 1.0
    for name in _RANDOM:  # torch takes these apart in Python for tensors without contents, slowly
        setattr(tensor, name, lambda self, *_, **__: self)


def _one(dtype: torch.dtype) -> Any:
    if dtype is torch.bool:
        return True
    return 1.0 if dtype.is_floating_point else 1


def _ones(tensor: torch.Tensor) -> Any:
    import numpy as np  # a reader of host values is rare

    return np.ones(tuple(tensor.shape), type(_one(tensor.dtype)))

"""Computes CUDA's libdevice functions (``__nv_*``) on the host, and lets interpreted kernels call them."""

# pyright: reportUnknownLambdaType=false, reportPrivateUsage=false
# What is replaced in torch and Triton has no types, and part of it no public name.

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from sandbox.child.emulator import Unsupported

Array = NDArray[Any]
_Function = Callable[..., Any]


def _torch(function: _Function) -> _Function:
    """Apply a torch function in double precision; the caller rounds to the result's type."""

    def apply(*arrays: Array) -> Array:
        wide = (torch.from_numpy(np.ascontiguousarray(each, dtype=np.float64)) for each in np.broadcast_arrays(*arrays))
        return function(*wide).numpy()

    return apply


def _wide(function: _Function) -> _Function:
    return lambda *arrays: function(*(each.astype(np.float64) for each in arrays))


def _round_away(x: Array) -> Array:
    return np.copysign(np.floor(np.abs(x) + 0.5), x)


def _popc(x: Array) -> Array:
    return np.bitwise_count(x.view(f"u{x.dtype.itemsize}"))


def _clz(x: Array) -> Array:
    bits = x.dtype.itemsize * 8
    unsigned = x.view(f"u{x.dtype.itemsize}").copy()
    for shift in (1, 2, 4, 8, 16, 32)[: bits.bit_length() - 1]:
        unsigned |= unsigned >> unsigned.dtype.type(shift)
    return bits - np.bitwise_count(unsigned).astype(np.int32)


def _ffs(x: Array) -> Array:
    lowest = x & -x
    return np.where(x == 0, 0, x.dtype.itemsize * 8 - _clz(lowest))


def _mulhi(x: Array, y: Array) -> Array:
    if x.dtype.itemsize == 8:
        high = [(int(a) * int(b)) >> 64 for a, b in zip(x.ravel(), y.ravel(), strict=True)]
        return np.array(high, dtype=x.dtype).reshape(x.shape)
    return (x.astype(np.int64) * y.astype(np.int64)) >> 32 if x.dtype.kind == "i" else (x.astype(np.uint64) * y) >> 32


def _fma(x: Array, y: Array, z: Array) -> Array:
    return x.astype(np.float64) * y + z


_NAMED = """sin cos tan exp exp2 log log2 log10 log1p expm1 sqrt cbrt floor ceil trunc rint sinh cosh tanh hypot
copysign fmin fmax fmod fabs ldexp signbit isinf isnan"""
"""Functions of numpy of the same name."""
_FLOAT: dict[str, _Function] = {
    **{name: getattr(np, name) for name in _NAMED.split()},
    **{name: _torch(getattr(torch, name)) for name in ("erf", "erfc", "erfinv", "lgamma")},
    **{name: _torch(getattr(torch.special, f"bessel_{name}")) for name in ("j0", "j1", "y0", "y1")},
    **{"asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "atan2": np.arctan2, "asinh": np.arcsinh},
    **{"acosh": np.arccosh, "atanh": np.arctanh, "pow": np.power, "powi": np.power, "finite": np.isfinite},
    **{"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "fdivide": np.divide},
    **{"isfinited": np.isfinite, "scalbn": np.ldexp, "nearbyint": np.rint, "llrint": np.rint},
    "tgamma": _torch(lambda x: torch.exp(torch.lgamma(x)) * _gamma_sign(x)),
    "erfcinv": _torch(lambda x: torch.erfinv(1 - x)),
    "erfcx": _torch(torch.special.erfcx),
    "normcdf": _torch(torch.special.ndtr),
    "normcdfinv": _torch(torch.special.ndtri),
    "cyl_bessel_i0": _torch(torch.special.i0),
    "cyl_bessel_i1": _torch(torch.special.i1),
    "exp10": lambda x: np.power(10.0, x),
    "rsqrt": lambda x: 1 / np.sqrt(x),
    "rcbrt": lambda x: 1 / np.cbrt(x),
    "rcp": lambda x: 1 / x,
    "sinpi": lambda x: np.sin(np.pi * x),
    "cospi": lambda x: np.cos(np.pi * x),
    "round": _round_away,
    "llround": _round_away,
    "fdim": lambda x, y: np.fmax(x - y, 0),
    "fma": _fma,
    "rhypot": lambda x, y: 1 / np.hypot(x, y),
    "norm3d": lambda x, y, z: np.sqrt(x * x + y * y + z * z),
    "rnorm3d": lambda x, y, z: 1 / np.sqrt(x * x + y * y + z * z),
    "saturate": lambda x: np.clip(np.nan_to_num(x), 0, 1),
    "remainder": lambda x, y: x - y * np.rint(x / y),
    "logb": lambda x: np.floor(np.log2(np.abs(x))),
    "ilogb": lambda x: np.floor(np.log2(np.abs(x))),
}
"""Without the ``f`` of the single-precision ones; arguments come as float64."""
_WHOLE: dict[str, _Function] = {
    **{"abs": np.abs, "llabs": np.abs, "min": np.minimum, "max": np.maximum, "umin": np.minimum, "umax": np.maximum},
    **{"popc": _popc, "clz": _clz, "ffs": _ffs, "mulhi": _mulhi, "umulhi": _mulhi, "mul64hi": _mulhi},
    **{"umul64hi": _mulhi, "nextafter": np.nextafter, "nextafterf": np.nextafter},
    **{name: lambda x, y: (x.astype(np.int64) + y) >> 1 for name in ("hadd", "uhadd")},
    **{name: lambda x, y: (x.astype(np.int64) + y + 1) >> 1 for name in ("rhadd", "urhadd")},
    **{name: lambda x, y, z: np.abs(x.astype(np.int64) - y) + z for name in ("sad", "usad")},
}
"""Arguments come in their own type."""
_NUMBERS: dict[str, Any] = {"int": np.int32, "uint": np.uint32, "ll": np.int64, "ull": np.uint64}
_CONVERSIONS = {**_NUMBERS, "float": np.float32, "double": np.float64}
_ROUNDED = {"rn": np.rint, "rz": np.trunc, "rd": np.floor, "ru": np.ceil}


def _gamma_sign(x: torch.Tensor) -> torch.Tensor:
    return torch.where((x < 0) & (torch.floor(x) % 2 != 0), -1.0, 1.0).to(x.dtype)


def call(symbol: str, arrays: list[Array], result: Any) -> Array:
    """Apply ``symbol``, ``__nv_tanhf`` say, giving numpy type ``result``; raises Unsupported for one not known here."""
    name = symbol.removeprefix("__nv_")
    function = _FLOAT.get(name) or _WHOLE.get(name) or _WHOLE.get(name.removesuffix("ll")) or _float_of(name)
    if function is None:
        return _converted(symbol, name, arrays, result)
    if all(each.dtype.kind == "f" for each in arrays) and name not in _WHOLE:
        function = _wide(function)
    with np.errstate(all="ignore"):
        return np.asarray(function(*np.broadcast_arrays(*arrays))).astype(result)


def _float_of(name: str) -> _Function | None:
    """Find ``tanhf`` by ``tanh``, ``fast_expf`` by ``exp``, ``fadd_rn`` by ``add``."""
    plain = name.removeprefix("fast_").removesuffix("f")
    head, _, rounding = name.rpartition("_")
    if rounding == "rn" and head[:1] in ("f", "d") and head[1:] in (*_FLOAT, "ma", "maf"):
        return _FLOAT["fma" if head in ("fma", "fmaf") else head[1:]]
    return _FLOAT.get(plain) or _FLOAT.get(plain.removesuffix("d")) or (_FLOAT.get(name.removesuffix("d")))


def _converted(symbol: str, name: str, arrays: list[Array], result: Any) -> Array:
    source, _, rest = name.partition("2")
    target, _, rounding = rest.partition("_")
    if source in _CONVERSIONS and target in _CONVERSIONS and len(arrays) == 1:
        value = arrays[0]
        whole = _ROUNDED[rounding](value) if rounding in _ROUNDED and target in _NUMBERS else value
        return whole.astype(result)
    as_bits = {
        "float_as_int",
        "float_as_uint",
        "int_as_float",
        "uint_as_float",
        "double_as_longlong",
        "longlong_as_double",
    }
    if name in as_bits:
        return arrays[0].view(result)
    raise Unsupported(f"the device function {symbol}")


def install(semantic: Any) -> None:
    """Let kernels call both libdevice modules: the one for CUDA, and the one that a backend fills in."""
    from triton.language.extra import libdevice as any_backend
    from triton.language.extra.cuda import libdevice as cuda

    for name, function in inspect.getmembers(cuda, inspect.isfunction):
        if getattr(function, "__triton_builtin__", False):
            bound = functools.partial(function, _semantic=semantic)
            setattr(cuda, name, bound)
            setattr(any_backend, name, bound)

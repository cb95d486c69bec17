"""What the installed Triton's language has and has not, asked of Triton itself: models often imagine functions."""

import functools
import importlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

_IMAGINED: Mapping[str, str] = {
    "tanh": "2 / (1 + tl.exp(-2 * x)) - 1",
    "sigmoid": "1 / (1 + tl.exp(-x))",
    "gelu": "0.5 * x * (1 + tl.erf(x * 0.7071067811865476))",
    "silu": "x / (1 + tl.exp(-x))",
    "softmax": "tl.exp(x - tl.max(x, axis)) / tl.sum(tl.exp(x - tl.max(x, axis)), axis)",
    "mish": "x * (1 - 2 / ((1 + tl.exp(x)) * (1 + tl.exp(x)) + 1))",
    "relu": "tl.maximum(x, 0.0)",
    "leaky_relu": "tl.where(x > 0, x, slope * x)",
    "elu": "tl.where(x > 0, x, alpha * libdevice.expm1(x))",
    "softplus": "tl.maximum(x, 0.0) + libdevice.log1p(tl.exp(-tl.abs(x)))",
    "pow": "tl.exp2(y * tl.log2(x))",
    "mean": "tl.sum(x, axis) / n",
    "var": "tl.sum((x - mean) * (x - mean), axis) / n",
    "round": "",
    "trunc": "",
    "isnan": "x != x",
    "log1p": "",
    "expm1": "",
    "matmul": "",
    "conv2d": "",
    "ones": "tl.full(shape, 1, dtype)",
    "empty": "tl.zeros(shape, dtype)",
    "concatenate": "",
    "pad": "",
    "roll": "",
    "syncthreads": "",
    "erf": "",
    "rsqrt": "1 / tl.sqrt(x)",
    "clamp": "tl.minimum(tl.maximum(x, low), high)",
    "fma": "",
    "cumsum": "",
    "sort": "",
    "flip": "",
    "gather": "",
}
"""Names that are often believed to be in ``tl``, and what to write where one is not there."""


@dataclass(frozen=True, slots=True)
class TritonApi:
    """An answer of the installed Triton."""

    version: str
    absent: tuple[str, ...]
    """Imagined names that ``triton.language`` does not have."""
    present: tuple[str, ...]
    """Imagined names that it has after all."""
    in_libdevice: tuple[str, ...]
    """Of the absent ones, those that ``triton.language.extra.libdevice`` has."""

    @property
    def replacements(self) -> Mapping[str, str]:
        """For names that neither has, what to write instead, where one expression does it."""
        return {name: _IMAGINED[name] for name in self.absent if _IMAGINED[name] and name not in self.in_libdevice}


@functools.cache
def installed_api() -> TritonApi:
    """Ask once; imports Triton, which takes a tenth of a second."""
    import triton
    import triton.language as tl
    from triton.language.extra import libdevice

    absent = tuple(name for name in _IMAGINED if not hasattr(tl, name))
    return TritonApi(
        version=triton.__version__,
        absent=absent,
        present=tuple(name for name in _IMAGINED if name not in absent),
        in_libdevice=tuple(name for name in absent if hasattr(libdevice, name)),
    )


@functools.cache
def resolves(path: str) -> bool:
    """Whether the installed Triton has what a dotted path names, for example ``triton.language.math.exp``."""
    found: object = importlib.import_module("triton")
    for name in path.split(".")[1:]:
        if not hasattr(found, name) and not _is_submodule(found, name):
            return False
        found = getattr(found, name)
    return True


def _is_submodule(package: object, name: str) -> bool:
    """Whether a package of Triton's language has a module of that name; loads it, as a kernel's import would."""
    if not isinstance(package, ModuleType) or not package.__name__.startswith("triton.language"):
        return False
    full = f"{package.__name__}.{name}"
    if not hasattr(package, "__path__") or importlib.util.find_spec(full) is None:
        return False
    importlib.import_module(full)
    return hasattr(package, name)

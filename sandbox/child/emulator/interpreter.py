"""Runs a kernel's grid in Triton's interpreter, one program after another, and says where a program failed."""

# pyright: reportUnknownLambdaType=false, reportPrivateUsage=false
# What is replaced in torch and Triton has no types, and part of it no public name.

import functools
import inspect
import linecache
import operator
import os
import traceback
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
import triton
import triton.language as tl
from triton.language.semantic import TritonSemantic
from triton.runtime import interpreter as triton_interpreter
from triton.runtime.interpreter import GridExecutor, InterpretedFunction, TensorHandle

from sandbox.child.emulator import Unsupported, libdevice, reduction, rounds, tuning
from sandbox.child.emulator.builder import EmulatedBuilder
from sandbox.child.emulator.memory import Memory

Programs = Iterable[tuple[int, int, int]]


class KernelError(RuntimeError):
    """A program of a kernel failed: which, at which line, and why."""


class Launch:
    """One launch of an interpreted kernel, before it runs."""

    def __init__(self, function: Any, grid: Any, args: tuple[Any, ...], options: dict[str, Any]) -> None:
        """Bind the arguments as Triton does; raises TypeError for ones that do not fit."""
        self.name: str = function.fn.__name__
        self._function = function
        spec = inspect.getfullargspec(function.fn)
        named = {key: value for key, value in options.items() if key in (*spec.args, *spec.kwonlyargs)}
        self.options = {key: value for key, value in options.items() if key not in named}
        self.arguments: dict[str, Any] = _bound(function.fn, args, named)
        self.grid = three(grid(self.arguments) if callable(grid) else grid)
        self.constants = set(GridExecutor(function.fn, function.arg_names, self.grid).constexprs)

    def run(self, builder: EmulatedBuilder, programs: Programs | None = None) -> None:
        """Interpret ``programs``, all of the grid by default. Raises KernelError, or Unsupported."""
        builder.memory.begin_launch()
        values = {
            name: each if name in self.constants else _seen(name, each, builder.memory)
            for name, each in self.arguments.items()
        }
        body = self._function.rewrite()
        builder.set_grid_dim(*self.grid)
        for program in self.all_programs() if programs is None else programs:
            builder.begin_program(*program)
            try:
                body(**values)
            except Exception as error:  # whatever the candidate's kernel raised
                raise self._failure(program, error) from error

    def all_programs(self) -> Programs:
        """Every program of the grid, the first axis slowest."""
        x, y, z = self.grid
        return ((i, j, k) for i in range(x) for j in range(y) for k in range(z))

    def _failure(self, program: tuple[int, int, int], error: Exception) -> BaseException:
        while isinstance(error.__cause__, Exception):
            error = error.__cause__
        frames = traceback.extract_tb(error.__traceback__)
        if isinstance(error, NotImplementedError) and frames and frames[-1].filename == triton_interpreter.__file__:
            return Unsupported(str(error))
        mine = [each for each in frames if each.filename == self._function.fn.__code__.co_filename]
        line = mine[-1].lineno if mine else None
        text = linecache.getline(mine[-1].filename, line).strip() if line else ""
        where = f", line {line} `{text}`" if line else ""
        return KernelError(f"{self.name}, program {program}{where}: {type(error).__name__}: {error}")


def _bound(function: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
    bound = inspect.signature(function).bind(*args, **named)
    bound.apply_defaults()
    return dict(bound.arguments)


def three(grid: Any) -> tuple[int, int, int]:
    """Give a grid with all its sides; raises TypeError for what is none."""
    sides = list(grid) if isinstance(grid, (tuple, list)) else [grid]
    if not 1 <= len(sides) <= 3 or any(not hasattr(each, "__index__") or operator.index(each) < 0 for each in sides):
        raise TypeError(f"a grid is one to three whole numbers, and this is {grid!r}")
    x, y, z = ([operator.index(each) for each in sides] + [1, 1])[:3]
    return x, y, z


def _seen(name: str, value: Any, memory: Memory) -> Any:
    """Give an argument as the kernel sees it: a tensor by an address that says whose it is."""
    if isinstance(value, tuple):
        parts = [_seen(f"{name}[{i}]", each, memory) for i, each in enumerate(value)]
        return type(value)(*parts) if hasattr(value, "_fields") else tl.tuple(parts)
    base = getattr(value, "base", value) if not isinstance(value, torch.Tensor) else value
    if isinstance(base, torch.Tensor) and hasattr(value, "block_shape"):
        return triton_interpreter._implicit_cvt(_Relocated(value, memory.address(name, base)).descriptor)
    if isinstance(base, torch.Tensor):
        kind: Any = tl.str_to_ty(triton.runtime.jit.mangle_type(value), None)
        return tl.tensor(TensorHandle(np.array([memory.address(name, base)], dtype=np.uint64), kind), kind)
    return triton_interpreter._implicit_cvt(value)


class _Relocated:
    """A tensor descriptor whose base says the address that the kernel is to see."""

    def __init__(self, descriptor: Any, address: int) -> None:
        import copy  # descriptors are rare

        self.descriptor = copy.copy(descriptor)
        dtype = descriptor.base.dtype
        self.descriptor.base = SimpleNamespace(dtype=dtype, data_ptr=lambda: address)


class Warm:
    """What a kernel's ``warmup`` gives: figures to size a grid by, and a way to launch."""

    def __init__(self, function: Any, options: dict[str, Any]) -> None:
        self._function = function
        self._options = options
        self.n_regs, self.n_spills = 64, 0
        self.metadata = SimpleNamespace(
            shared=16 << 10, num_warps=options.get("num_warps", 4), name=function.fn.__name__
        )

    def _init_handles(self) -> None:
        pass

    def __getitem__(self, grid: Any) -> Callable[..., Any]:
        """Launch with every argument by position."""
        return lambda *args: self._function.run(*args, grid=grid, warmup=False)


def is_asked_for() -> bool:
    """Whether kernels made from now on are interpreted."""
    return os.environ.get("TRITON_INTERPRET", "0").lower() in ("1", "true", "on", "y", "yes")


def install() -> None:
    """Make kernels made from now on run here."""
    memory = Memory()
    rounds.install()
    serve(EmulatedBuilder(memory), lambda launch, builder: launch.run(builder))
    _note_addresses(memory)


def serve(builder: EmulatedBuilder, run: Callable[[Launch, EmulatedBuilder], None]) -> None:
    """Interpret with ``builder``, and let ``run`` say what a launch does."""
    module: Any = triton_interpreter
    module.interpreter_builder = builder
    module.interpreter_semantic = TritonSemantic(builder)  # type: ignore[arg-type]  # numpy builds what LLVM would
    module.ReduceOps, module.ScanOps = reduction.Reduction, reduction.Scan
    libdevice.install(module.interpreter_semantic)
    _patch_language(module)
    np.seterr(all="ignore")

    def launched(self: Any, *args: Any, grid: Any, warmup: bool, **options: Any) -> Any:
        if warmup:
            return Warm(self, options)
        for hook in self.pre_run_hooks:
            hook(*args, **options)
        return run(Launch(self, grid, args, options), builder)

    function: Any = InterpretedFunction
    function.run = launched
    function.__call__ = lambda self, *args, **kwargs: self.rewrite()(*args, **kwargs)
    tuning.install()


def _patch_language(module: Any) -> None:
    """Patch ``triton.language`` once for good; the interpreter would do it at each launch and each nested call."""
    everything = SimpleNamespace(__globals__={"tl": tl, "core": tl.core})
    module._patch_lang(everything)
    tensor: Any = tl.tensor
    tensor.__index__ = lambda self: int(self.handle.data.item())  # Triton 3.6 asks numpy for what numpy gave up
    nothing = SimpleNamespace(restore=lambda: None)
    module._patch_lang = lambda fn: nothing


def _note_addresses(memory: Memory) -> None:
    tensor: Any = torch.Tensor
    plain = tensor.data_ptr

    @functools.wraps(plain)
    def data_ptr(self: torch.Tensor) -> int:
        memory.hand_out(self)
        return plain(self)

    tensor.data_ptr = data_ptr

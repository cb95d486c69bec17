"""Writes down the launches of a program that is followed on shapes alone: compiled for the target, or counted."""

# pyright: reportUnknownLambdaType=false, reportPrivateUsage=false
# What is replaced in torch and Triton has no types, and part of it no public name.

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from triton.compiler import CompiledKernel
from triton.runtime.autotuner import Autotuner
from triton.runtime.jit import JITFunction

from sandbox.child.emulator import Unsupported, compiling, counting, interpreter, rounds, tuning
from sandbox.child.emulator.memory import Memory, OutOfBoundsError
from sandbox.child.records import Site, Variant

MOST_SITES, MOST_CONFIGS = 64, 12
_PASSED_OVER = ("OutOfResources", "CompileTimeAssertionFailure", "PTXASError")
"""Errors of the compiler that a tuner takes as "not this configuration"."""


class KernelFailedError(Exception):
    """A kernel does not compile for the target, or is wrong at full size: the candidate's fault."""


@dataclass
class _Open:
    kernel: str
    times: int
    variants: list[Variant]


class Recorder:
    """Launches so far, like ones together."""

    def __init__(self) -> None:
        self._sites: dict[Any, _Open] = {}
        self._tuning: list[Variant] | None = None

    @property
    def sites(self) -> tuple[Site, ...]:
        """In the order of their first launch."""
        return tuple(Site(each.kernel, each.times, tuple(each.variants)) for each in self._sites.values())

    def launch(self, kernel: str, alike: Any, make: Callable[[], Variant]) -> None:
        """Note a launch; ``make`` looks at it, which is spared where one like it was looked at."""
        if self._tuning is not None:
            self._tuning.append(make())
        elif (known := self._known(kernel, alike)) is not None:
            known.times += 1
        else:
            self._sites[kernel, alike] = _Open(kernel, 1, [make()])

    def tuned(self, tuner: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Note a launch of a tuned kernel, with each configuration that a tuner would try."""
        kernel, alike = tuner.base_fn.__name__, likeness(args, kwargs)
        if (known := self._known(kernel, alike)) is not None:
            known.times += 1
            return
        self._tuning, found = [], []
        try:
            for config in tuning.configurations(tuner, args, kwargs)[:MOST_CONFIGS]:
                tuner.best_config = config
                self._tuning.clear()
                tuning.run_with(tuner, config, args, kwargs, trial=True)
                found += [Variant(str(config)[:200], v.grid, v.error, v.compiled, v.counted) for v in self._tuning]
        finally:
            self._tuning = None
        self._sites[kernel, alike] = _Open(kernel, 1, found)

    def _known(self, kernel: str, alike: Any) -> _Open | None:
        if (kernel, alike) in self._sites or len(self._sites) < MOST_SITES:
            return self._sites.get((kernel, alike))
        # A program that launches ever other shapes: the rest is taken to be like the first of the same kernel.
        near = next((each for each in self._sites.values() if each.kernel == kernel), None)
        if near is None:
            raise Unsupported(f"more than {MOST_SITES} kinds of launches")
        return near


def likeness(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Give what two launches must share to cost the same: shapes and numbers, not tensors."""

    def of(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            return tuple(value.shape), tuple(value.stride()), str(value.dtype)
        return "function" if callable(value) else repr(value)[:80]

    return tuple(of(each) for each in args), tuple((key, of(each)) for key, each in sorted(kwargs.items()))


def install_tuner(recorder: Recorder) -> None:
    """Let the recorder see every configuration."""
    tuner: Any = Autotuner
    tuner.run = lambda self, *args, **kwargs: recorder.tuned(self, args, kwargs)


def install_counting(recorder: Recorder, file: str) -> None:
    """Count instead of launching; kernels must be made for the interpreter."""
    builder = counting.CountingBuilder(Memory(), file)

    def count(launch: interpreter.Launch) -> Variant:
        try:
            return Variant("", launch.grid, counted=counting.counted(launch, builder))
        except interpreter.KernelError as error:
            astray = isinstance(error.__cause__, OutOfBoundsError) or "OutOfBoundsError" in str(error)
            if astray and not (builder.rounds.skipped or builder.guessed):
                raise KernelFailedError(f"at full size: {error}") from error
            raise Unsupported(f"a kernel that cannot be followed without data: {error}") from error

    def run(launch: interpreter.Launch, _: Any) -> None:
        alike = launch.grid, likeness(tuple(launch.arguments.values()), launch.options)
        recorder.launch(launch.name, alike, lambda: count(launch))

    interpreter.serve(builder, run)
    rounds.install_counting(builder.rounds)
    install_tuner(recorder)


def install_compiling(recorder: Recorder) -> None:
    """Compile instead of launching."""
    function: Any = JITFunction
    plain = function.run

    def look(self: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        try:
            return compiling.compiled(self, args, kwargs, plain)
        except Exception as error:  # the compiler's own classes differ between versions
            if type(error).__name__ in _PASSED_OVER:
                return None, f"{type(error).__name__}: {error}"
            raise KernelFailedError(f"{self.__name__} does not compile: {_innermost(error)}") from error

    def run(self: Any, *args: Any, grid: Any, warmup: bool, **kwargs: Any) -> Any:
        kernel, facts = look(self, args, kwargs)
        if kernel is not None:
            kernel.kernel_name = self.__name__
        if warmup:
            return kernel
        sides = interpreter.three(grid(compiling.bound(self, args, kwargs)) if callable(grid) else grid)
        variant = Variant("", sides, error=facts) if kernel is None else Variant("", sides, compiled=facts)
        recorder.launch(self.__name__, (sides, likeness(args, kwargs)), lambda: variant)
        return kernel

    function.run = run
    _let_handles_launch(recorder)
    install_tuner(recorder)


def _let_handles_launch(recorder: Recorder) -> None:
    """Let what ``warmup`` returned be asked for registers, and launched."""
    handle: Any = CompiledKernel

    def ready(self: Any) -> None:
        self.n_regs, self.n_spills = self.looked_at.registers, self.looked_at.spill_bytes

    def launching(self: Any, grid: Any) -> Callable[..., None]:
        sides = interpreter.three(grid)

        def launch(*args: Any, **_: Any) -> None:
            variant = Variant("", sides, compiled=self.looked_at)
            recorder.launch(self.kernel_name, (sides, likeness(args, {})), lambda: variant)

        return launch

    handle._init_handles, handle.__getitem__ = ready, launching


def _innermost(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    return f"{type(error).__name__}: {error}"

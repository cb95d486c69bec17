"""Makes launches of one Triton kernel do nothing, to see whether anything depends on it."""

import functools
from typing import Any


class Removal:
    """One kernel, by its name, that is compiled and tuned as ever but launched no more."""

    skipped: int
    """Launches that did nothing so far."""

    def __init__(self, kernel: str) -> None:
        """Patch Triton for good; before the candidate is imported, after any emulator."""
        # Imported here: a process that removes nothing need not wait for Triton.
        from triton.compiler import CompiledKernel
        from triton.runtime.interpreter import InterpretedFunction
        from triton.runtime.jit import JITFunction

        self.kernel, self.skipped = kernel, 0
        for kind in (JITFunction, InterpretedFunction):
            self._without_launches(kind)
        self._without_handles(CompiledKernel)

    def _without_launches(self, kind: Any) -> None:
        run = kind.run

        @functools.wraps(run)
        def launched(function: Any, *args: Any, grid: Any, warmup: bool, **options: Any) -> Any:
            if warmup or function.fn.__name__ != self.kernel:
                return run(function, *args, grid=grid, warmup=warmup, **options)
            self.skipped += 1
            # Its own compilation, errors and handle are part of the program that stays.
            return run(function, *args, grid=grid, warmup=True, **options)

        kind.run = launched

    def _without_handles(self, kind: Any) -> None:
        """Let a handle that ``warmup`` gave launch nothing either."""
        launcher = kind.__getitem__

        @functools.wraps(launcher)
        def launched(handle: Any, grid: Any) -> Any:
            return self._skip if handle.metadata.name == self.kernel else launcher(handle, grid)

        kind.__getitem__ = launched

    def _skip(self, *_: Any, **__: Any) -> None:
        self.skipped += 1

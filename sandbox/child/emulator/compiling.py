"""Compiles a kernel for the target instead of launching it, and reads what the card's own tools say of the result."""

import ast
import functools
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import triton
from triton.runtime.jit import JITFunction

from sandbox.child import ptx
from sandbox.child.records import Compiled

_USAGE = re.compile(r"REG:(\d+) STACK:(\d+) SHARED:(\d+) LOCAL:(\d+)")


def compiled(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], run: Any) -> tuple[Any, Compiled]:
    """Compile for these arguments; ``run`` is Triton's own. Raises what the compiler raises."""
    kernel = run(function, *args, grid=None, warmup=True, **kwargs)
    if hasattr(kernel, "looked_at"):
        return kernel, kernel.looked_at
    registers, spilled = resources(kernel.asm["cubin"])
    file = Path(function.fn.__code__.co_filename)
    facts = kernel.metadata
    sections = ptx.sections(kernel.asm["ptx"], file.name, loop_lines(file))
    kernel.looked_at = Compiled(facts.num_warps, facts.num_stages, registers, spilled, facts.shared, sections)
    return kernel, kernel.looked_at


@functools.cache
def loop_lines(file: Path) -> frozenset[int]:
    """Lines of a source on which loops stand."""
    tree = ast.parse(file.read_text())
    return frozenset(each.lineno for each in ast.walk(tree) if isinstance(each, (ast.For, ast.While)))


@functools.cache
def resources(cubin: bytes) -> tuple[int, int]:
    """Registers of a thread, and bytes of local memory that it spills to, as ``cuobjdump`` reads them."""
    tool = Path(triton.__file__).parent / "backends" / "nvidia" / "bin" / "cuobjdump"
    with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
        file.write(cubin)
        file.flush()
        told = subprocess.run([str(tool), "-res-usage", file.name], capture_output=True, text=True, check=True).stdout
    usage = _USAGE.search(told)
    if usage is None:
        raise RuntimeError(f"cuobjdump says nothing of registers: {told[-200:]}")
    return int(usage.group(1)), max(int(usage.group(2)), int(usage.group(4)))


def bound(function: JITFunction[Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """All arguments of a kernel by name, with defaults, as a grid function is given them."""
    named = {key: value for key, value in kwargs.items() if key in function.signature.parameters}
    arguments = function.signature.bind(*args, **named)
    arguments.apply_defaults()
    return {**kwargs, **arguments.arguments}

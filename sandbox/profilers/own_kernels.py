"""Which kernels are a candidate's own: by its text, and under the names that a profiler prints."""

import ast
import re

_MANGLED = re.compile(r"_Z(\d+)")
"""Itanium C++: the length of the name comes before it; a name in a namespace begins with ``_ZN``."""
_SPECIALISED = re.compile(r"(?:_?\d+[a-z]*)+\Z")
"""What Triton and compilers append to a kernel's name: ``_0d1d2de``, ``_0``."""
_CUT = ("...", "…")
_LEAST_OF_A_CUT_NAME = 8
"""Characters that a cut name still has to share with a kernel's."""


def own_kernels(source: str) -> set[str]:
    """Give the names of functions under a decorator that is, or ends in, ``jit`` (``@triton.jit``), or handed to it."""
    nodes = list(ast.walk(ast.parse(source)))
    decorated = {
        each.name
        for each in nodes
        if isinstance(each, ast.FunctionDef) and any(_is_jit(decorator) for decorator in each.decorator_list)
    }
    calls = [each for each in nodes if isinstance(each, ast.Call) and _is_jit(each.func)]
    return decorated | {each.args[0].id for each in calls if each.args and isinstance(each.args[0], ast.Name)}


def _is_jit(decorator: ast.expr) -> bool:
    named = decorator.func if isinstance(decorator, ast.Call) else decorator
    return (named.attr if isinstance(named, ast.Attribute) else getattr(named, "id", "")) == "jit"


def owner(printed: str, own: set[str]) -> str | None:
    """Give the own kernel that a printed name means; None for another's.

    The name may be mangled, carry types and arguments, end in what a compiler appended, or be cut.
    """
    name = function_of(printed)
    if name in own:
        return name
    if name.endswith(_CUT):
        start = name.rstrip(".…")
        fitting = [each for each in own if len(start) >= _LEAST_OF_A_CUT_NAME and each.startswith(start)]
        return fitting[0] if len(fitting) == 1 else None
    bare = _SPECIALISED.sub("", name)
    return bare if bare in own else None


def function_of(printed: str) -> str:
    """Give a kernel's plain name: without return type, namespaces, template and function arguments; demangled."""
    if mangled := _MANGLED.match(printed):
        return printed[mangled.end() :][: int(mangled[1])]
    if "::" in printed.partition("<")[0].partition("(")[0]:
        return printed  # in a namespace, and so of a library: Triton's kernels have none
    return printed.partition("(")[0].partition("<")[0].strip().rpartition(" ")[2]

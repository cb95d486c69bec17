"""Writes ``libdevice.tanh`` for ``tl.tanh`` and its kin: what Triton keeps elsewhere under the same name."""

import ast
from collections.abc import Iterator

from prompts.program import Edit, Program
from prompts.triton_api import resolves

_LANGUAGE = "triton.language"
_LIBDEVICE = ("triton.language.extra.libdevice", "triton.language.extra.cuda.libdevice")
_ONCE_LIBDEVICE = ("triton.language.math", "triton.language.libdevice", "triton.language.math.libdevice")
"""Modules that held libdevice's functions in earlier versions, so that a name there has one meaning."""
# fmt: off
_ONE_MEANING = frozenset({
    "tanh", "sinh", "cosh", "tan", "asin", "acos", "atan", "atan2", "asinh", "acosh", "atanh", "expm1", "log1p",
    "log10", "exp10", "pow", "fmod", "cbrt", "hypot", "rint", "trunc", "erf", "erfc", "erfinv", "rsqrt",
    "lgamma", "tgamma", "isnan", "isinf", "copysign",
})
"""Of one meaning everywhere; not ``round``: torch rounds halves to even, libdevice away from zero."""
_IN_LANGUAGE = frozenset({
    "sigmoid", "exp", "exp2", "log", "log2", "sin", "cos", "sqrt", "abs", "floor", "ceil", "erf", "rsqrt", "fma",
    "maximum", "minimum",
})
# fmt: on
"""Functions of ``tl`` that work element by element, whatever module they were looked for in."""


def mend(program: Program) -> tuple[Edit, ...]:
    """Redirect every such name; nothing where no name for the right module is free."""
    if program.guarded:
        return ()
    libdevice, language = program.alias(*_LIBDEVICE), program.alias(_LANGUAGE)
    edits: list[Edit] = []
    imports = False
    for node, path in _unresolved(program):
        module = _home(path)
        name = language if module == _LANGUAGE else libdevice
        if module in _LIBDEVICE and name is None and not program.bindings.get("libdevice"):
            name, imports = "libdevice", True
        if name and module:
            edits.append(Edit(program.start(node), program.end(node), f"{name}.{node.attr}"))
    return (*([program.importing("from triton.language.extra import libdevice")] if imports else []), *edits)


def _unresolved(program: Program) -> Iterator[tuple[ast.Attribute, str]]:
    """Yield attributes of modules that exist which Triton does not have, with their paths."""
    for node in ast.walk(program.tree):
        path = program.path(node) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) else None
        if not path or not isinstance(node, ast.Attribute) or resolves(path):
            continue
        root = ast.unparse(node).split(".")[0]
        begin = program.start(node)
        if resolves(program.imported[root].path) and program.source.startswith(root, begin):
            yield node, path


def _home(path: str) -> str | None:
    """Return the module that has a function under the same name and of the same meaning, else None."""
    module, name = path.rsplit(".", 1)
    if module in (*_ONCE_LIBDEVICE, *_LIBDEVICE) or (module == _LANGUAGE and name in _ONE_MEANING):
        if module != _LIBDEVICE[0] and resolves(f"{_LIBDEVICE[0]}.{name}"):
            return _LIBDEVICE[0]
        if name in _IN_LANGUAGE and resolves(f"{_LANGUAGE}.{name}"):
            return _LANGUAGE
    return None

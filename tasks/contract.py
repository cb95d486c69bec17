"""What can be said against a reference text before it runs, and without torch: syntax, and the three names it owes."""

import ast
from collections.abc import Iterator

from tasks.nearest import instead
from tasks.task import TaskError

OWED = ("Model", "get_inputs", "get_init_inputs")
"""What every reference defines at its top level."""

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def check(source: str, name: str) -> None:
    """Raise TaskError, in one line that begins with ``name``, for text that can never be a reference."""
    defined = set(bound(parse(source, name)))
    for owed in OWED:
        if owed not in defined and "*" not in defined:
            raise TaskError(
                f"{name}: no {owed} at the top level, where a reference defines {', '.join(OWED)}; "
                f"of names defined here {instead(owed, sorted(defined))}"
            )


def parse(source: str, name: str) -> ast.Module:
    """Read the text as Python; TaskError names the line where that ends."""
    try:
        return ast.parse(source)
    except SyntaxError as error:
        text = (error.text or "").strip()
        raise TaskError(f"{name}: line {error.lineno}: {error.msg}{': ' + text if text else ''}") from error
    except (
        ValueError,
        RecursionError,
        MemoryError,
    ) as error:  # a null byte; nesting that is too deep
        raise TaskError(f"{name}: Python cannot read it: {error or type(error).__name__}") from error


def bound(tree: ast.Module) -> Iterator[str]:
    """Name all that the module's own scope defines, once for each time; ``*`` stands for what a star import brings."""
    for node in _top_level(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _top_level(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk all that runs in the module's own scope: functions and classes are met, not entered."""
    for node in ast.iter_child_nodes(tree):
        yield node
        if not isinstance(node, _SCOPES + _COMPREHENSIONS):
            yield from _top_level(node)

"""Which names a file binds, which of them by imports, and what would hide that one is missing."""

import ast
from collections.abc import Iterator

_NAMED_BY_TEXT = frozenset({"globals", "locals", "vars", "exec", "eval", "setattr", "hasattr", "builtins", "suppress"})
"""Whoever uses one of these may define, ask for or do without a name in ways that the tree does not show."""
_NARROW = frozenset({"ImportError", "ModuleNotFoundError", "KeyError"})
"""What a handler may catch without hiding a missing name, attribute or decorator."""


def imports(tree: ast.Module) -> Iterator[tuple[str, str, ast.stmt]]:
    """Yield the name, the path and the statement of every import at the top level."""
    for statement in tree.body:
        if isinstance(statement, ast.Import):
            for each in statement.names:
                first = each.name.split(".")[0]
                yield (each.asname, each.name, statement) if each.asname else (first, first, statement)
        elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            for each in statement.names:
                yield each.asname or each.name, f"{statement.module}.{each.name}", statement


def bound(tree: ast.Module) -> Iterator[str]:
    """Yield a name for every place that binds it, in any scope."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.ExceptHandler(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.alias():
                yield node.asname or node.name.split(".")[0]
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                yield from names
            case _:
                yield from (each.name for each in getattr(node, "type_params", ()))


def guards(node: ast.AST) -> bool:
    """Whether a program with this in it may survive a missing name."""
    match node:
        case ast.ExceptHandler(type=None):
            return True
        case ast.ExceptHandler(type=ast.Tuple(elts=kinds)):
            return not all(isinstance(each, ast.Name) and each.id in _NARROW for each in kinds)
        case ast.ExceptHandler(type=kind):
            return not (isinstance(kind, ast.Name) and kind.id in _NARROW)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in _NAMED_BY_TEXT
        case ast.alias(name=name):
            return name == "*" or name in _NAMED_BY_TEXT
        case _:
            return False

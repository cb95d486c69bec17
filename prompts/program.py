"""A candidate's text beside its syntax tree, so that a change can be made to the text where the tree says."""

import ast
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from prompts.bindings import bound, guards, imports

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters ``start`` to ``end`` of a source become ``text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What a name stands for that is bound once in the whole file, by an import at the top level."""

    path: str
    """Dotted, for example ``triton.language``."""
    at: int
    """Character at which the import begins."""


@dataclass(frozen=True, slots=True)
class Program:
    """Text, tree and names of one file."""

    source: str
    tree: ast.Module
    lines: tuple[int, ...]
    """Character at which each line begins."""
    bindings: Mapping[str, int]
    """How often each name is bound, counted over all scopes alike: a parameter counts as an assignment does."""
    imported: Mapping[str, Imported]
    """By name."""
    guarded: bool
    """Whether it may survive a missing name by itself: it catches errors, asks for names, or is not all in the tree."""

    def start(self, node: ast.expr | ast.stmt) -> int:
        """Character at which a node begins; a decorated definition begins at ``def`` or ``class``."""
        return self._offset(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.stmt) -> int:
        """Character behind a node."""
        return self._offset(node.end_lineno or node.lineno, node.end_col_offset or 0)

    def path(self, node: ast.expr) -> str | None:
        """Dotted path of a name or an attribute that begins at an imported module, else None."""
        if isinstance(node, ast.Name):
            found = self.imported.get(node.id)
            return found.path if found else None
        if isinstance(node, ast.Attribute):
            inner = self.path(node.value)
            return f"{inner}.{node.attr}" if inner else None
        return None

    def alias(self, *paths: str) -> str | None:
        """Return the name that stands for one of these modules, if any."""
        return next((name for name, each in self.imported.items() if each.path in paths), None)

    def importing(self, statement: str) -> Edit:
        """Put an import before the first statement that is neither docstring nor ``__future__``."""
        first = next((each for each in self.tree.body if not _of_preamble(each, self.tree)), None)
        at = self.start(first) if first else len(self.source)
        if isinstance(first, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and first.decorator_list:
            at = self.source.rindex("@", 0, self.start(first.decorator_list[0]))
        return Edit(at, at, f"{statement}\n")

    def edited(self, edits: Iterable[Edit]) -> str:
        """Apply edits that do not overlap; of several at one place, in the order given."""
        parts: list[str] = []
        at = 0
        for edit in sorted(edits, key=lambda each: each.start):
            parts += [self.source[at : edit.start], edit.text]
            at = edit.end
        return "".join([*parts, self.source[at:]])

    def _offset(self, line: int, column: int) -> int:
        """Columns of a tree count bytes of UTF-8."""
        begin = self.lines[line - 1]
        text = self.source[begin : begin + column]
        return begin + (column if text.isascii() else len(text.encode()[:column].decode()))


def read(source: str) -> Program | None:
    """Parse a file; None for text that is not Python (and for one with a byte order mark, which shifts columns)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a candidate's odd escapes are not ours to report
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if source.startswith("\ufeff"):
        return None
    lines = (0, *(found.end() for found in _LINE_END.finditer(source)))
    bare = Program(source, tree, lines, Counter(bound(tree)), {}, any(map(guards, ast.walk(tree))))
    once = {name: Imported(path, bare.start(by)) for name, path, by in imports(tree) if bare.bindings[name] == 1}
    named = replace(bare, imported=once)
    return replace(named, guarded=bare.guarded or any(_patches(named, node) for node in ast.walk(tree)))


def _of_preamble(statement: ast.stmt, tree: ast.Module) -> bool:
    if isinstance(statement, ast.ImportFrom):
        return statement.module == "__future__"
    return statement is tree.body[0] and ast.get_docstring(tree, clean=False) is not None


def _patches(program: Program, node: ast.AST) -> bool:
    """Whether something is put into Triton's own modules."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Store):
        return False
    return (program.path(node) or "").startswith("triton.")

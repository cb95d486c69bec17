"""Finds, checks and fills templates: of two folders the later wins, and every error names a file and a line."""

import re
import traceback
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template, TemplateSyntaxError, meta, nodes

from prompts.quoting import fenced, one_line, tidied
from prompts.stage import PromptError

NAMES = frozenset({"scene", "stage", "counters", "example", "triton_api"})
"""All that a template may begin an expression with."""

_COUNTER = re.compile(r"\b[a-z][a-z0-9]*__[a-z0-9_]+(?:\.[a-z0-9_]+)*")
_REFERENCES = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)


class Templates:
    """A search path of folders, and the engine over it."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(reversed(folders))
        self._engine = Environment(
            loader=FunctionLoader(self._load), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._engine.filters.update(fenced=fenced, one_line=one_line)
        self._kept: dict[tuple[str, Path], Template] = {}

    def find(self, name: str) -> Path | None:
        """Return the file that wins, for example for ``partials/gpu.j2``; None where no folder has it."""
        return next((folder / name for folder in self._folders if (folder / name).is_file()), None)

    def read(self, name: str) -> str:
        """Return the text of the file that wins; raises PromptError where no folder has it."""
        file = self.find(name)
        if file is None:
            raise PromptError(f"no {name!r} in {', '.join(str(folder) for folder in self._folders)}")
        return file.read_text(encoding="utf-8")

    def check(self, source: str, file: Path, counters: Collection[str]) -> None:
        """Refuse a name that no scene has, a counter outside ``counters``, a missing include; included files too.

        Raises PromptError with file and line.
        """
        tree = self._parse(source, file)
        unknown = self._unknown(tree)
        for node in tree.find_all(nodes.Name):
            if node.ctx == "load" and node.name in unknown:
                raise PromptError(f"{file}:{node.lineno}: no {node.name!r}; there are {', '.join(sorted(NAMES))}")
        for number, line in enumerate(source.split("\n"), 1):
            strangers = [name for name in _COUNTER.findall(line) if name not in counters]
            if strangers:
                raise PromptError(f"{file}:{number}: the stage does not declare the counter {strangers[0]!r}")
        for node in tree.find_all(_REFERENCES):
            if isinstance(node.template, nodes.Const):
                self._check_included(node.template.value, f"{file}:{node.lineno}", counters)

    def _check_included(self, name: str, place: str, counters: Collection[str]) -> None:
        included = self.find(name)
        if included is None:
            raise PromptError(f"{place}: no template {name!r}")
        self.check(included.read_text(encoding="utf-8"), included, counters)

    def fill(self, source: str, file: Path, names: Mapping[str, Any]) -> str:
        """Render, with at most one empty line between parts; raises PromptError with file and line."""
        try:
            return tidied(self._compiled(source, file).render(names))
        except Exception as error:  # a template is a program: whatever it raises is told with its line
            raise PromptError(f"{_place(error, file)}: {error}") from error

    def _compiled(self, source: str, file: Path) -> Template:
        if (source, file) not in self._kept:
            code = self._engine.compile(source, str(file), str(file))
            self._kept[source, file] = Template.from_code(self._engine, code, self._engine.make_globals(None))
        return self._kept[source, file]

    def _parse(self, source: str, file: Path) -> nodes.Template:
        try:
            tree = self._engine.parse(source, str(file), str(file))
            self._unknown(tree)
        except TemplateSyntaxError as error:
            raise PromptError(f"{file}:{error.lineno}: {error.message}") from error
        return tree

    def _unknown(self, tree: nodes.Template) -> set[str]:
        return meta.find_undeclared_variables(tree) - NAMES - set(self._engine.globals)

    def _load(self, name: str) -> tuple[str, str, None] | None:
        file = self.find(name)
        return (file.read_text(encoding="utf-8"), str(file), None) if file else None


def _place(error: Exception, file: Path) -> str:
    """File and line of the innermost template on the stack."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename}:{error.lineno}"
    frames = [each for each in traceback.extract_tb(error.__traceback__) if each.filename.endswith(".j2")]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else f"{file}:1"

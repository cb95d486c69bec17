"""Finds and fills templates: of two folders the later wins, and every error names a file and a line."""

import os
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template, TemplateSyntaxError, meta, nodes

from prompts.quoting import fenced, one_line, tidied
from prompts.stage import PromptError, text_of


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
        name = os.path.normpath(name)
        return next((folder / name for folder in self._folders if _lies_in(folder, name)), None)

    def read(self, name: str) -> str:
        """Return the text of the file that wins; raises PromptError where no folder has it."""
        file = self.find(name)
        if file is None:
            raise PromptError(f"no {name!r} in {', '.join(str(folder) for folder in self._folders)}")
        return text_of(file)

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

    def parse(self, source: str, file: Path) -> nodes.Template:
        """Give its tree; raises PromptError with file and line, for a filter or a test that there is not, too."""
        try:
            tree = self._engine.parse(source, str(file), str(file))
            meta.find_undeclared_variables(tree)  # makes its code, which finds more than its grammar does
        except TemplateSyntaxError as error:
            raise PromptError(f"{file}:{error.lineno}: {error.message}") from error
        except RecursionError as error:
            raise PromptError(f"{file}:1: an expression is nested too deeply") from error
        for kind, found, there in (
            ("filter", tree.find_all(nodes.Filter), self._engine.filters),
            ("test", tree.find_all(nodes.Test), self._engine.tests),
        ):
            for node in found:  # inside an if, the engine waits until it comes there
                if node.name not in there:
                    raise PromptError(f"{file}:{node.lineno}: No {kind} named {node.name!r}.")
        return tree

    @property
    def own_names(self) -> frozenset[str]:
        """Names that the engine itself gives to every template."""
        return frozenset(self._engine.globals)

    def _load(self, name: str) -> tuple[str, str, None] | None:
        file = self.find(name)
        return (text_of(file), str(file), None) if file else None


def templates_in(folder: Path) -> list[Path]:
    """List a folder's templates, without what editors and tools keep under names that begin with a dot."""
    found = (each for each in sorted(folder.glob("**/*.j2")) if each.is_file())
    return [each for each in found if not any(part.startswith(".") for part in each.relative_to(folder).parts)]


def _lies_in(folder: Path, name: str) -> bool:
    """Whether a file of that name lies in the folder, and not elsewhere."""
    try:
        return not Path(name).is_absolute() and not name.startswith("..") and (folder / name).is_file()
    except OSError:  # no file can have such a name
        return False


def _place(error: Exception, file: Path) -> str:
    """File and line of the innermost template on the stack."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename}:{error.lineno}"
    frames = [each for each in traceback.extract_tb(error.__traceback__) if each.filename.endswith(".j2")]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else f"{file}:1"

"""What is wrong with a template and can be said before it is filled: file and line, and what there is instead."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from jinja2 import nodes

from prompts.counters import ShownCounters
from prompts.members import member
from prompts.scene import Scene
from prompts.stage import PromptError, Stage
from prompts.templates import Templates
from tasks.task import Kind

NAMES: Mapping[str, type | None] = {
    "scene": Scene,
    "stage": Stage,
    "counters": ShownCounters,
    "example": None,
    "triton_api": None,
}
"""All that a template may begin an expression with, and whose attributes are known."""

_COUNTER = re.compile(r"\b[a-z][a-z0-9]*__[a-z0-9_]+(?:\.[a-z0-9_]+)*")
_REFERENCES = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)


class Checker:
    """Checks the templates that are read, with all that they include, and remembers them."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        self._read = set[Path]()
        self._guesses = False
        """Whether some template makes up the name of what it includes."""

    def check(self, source: str, file: Path, counters: Collection[str], above: tuple[Path, ...] = ()) -> None:
        """Refuse a name or attribute that is not there, a counter outside ``counters``, an include that is none.

        Raises PromptError with file and line; ``above`` are the files that include this one.
        """
        self._read.add(file)
        tree = self._templates.parse(source, file)
        self._check_names(tree, file)
        for number, line in enumerate(source.split("\n"), 1):
            strangers = [name for name in _COUNTER.findall(line) if name not in counters]
            if strangers:
                raise PromptError(f"{file}:{number}: the stage does not declare the counter {strangers[0]!r}")
        for node in tree.find_all(_REFERENCES):
            name = node.template.value if isinstance(node.template, nodes.Const) else None
            self._guesses |= name is None
            if name is not None:
                self._check_included(name, f"{file}:{node.lineno}", counters, (*above, file))

    def _check_included(self, name: str, place: str, counters: Collection[str], above: tuple[Path, ...]) -> None:
        included = self._templates.find(name)
        if included is None:
            raise PromptError(f"{place}: no template {name!r}")
        if included in above:
            raise PromptError(f"{place}: {name!r} includes itself")
        self.check(included.read_text(encoding="utf-8"), included, counters, above)

    def _check_names(self, tree: nodes.Template, file: Path) -> None:
        unknown = self._templates.undeclared(tree) - NAMES.keys()
        for node in tree.find_all(nodes.Name):
            if node.ctx == "load" and node.name in unknown:
                raise PromptError(f"{file}:{node.lineno}: no {node.name!r}; there are {', '.join(sorted(NAMES))}")
        own = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
        for node in tree.find_all(nodes.Getattr):
            try:
                _type_of(node, own)
            except AttributeError as error:
                raise PromptError(f"{file}:{node.lineno}: {error}") from None

    def refuse_stray(self, folder: Path, shipped: Path) -> None:
        """Raise PromptError for a file of the user's that looks like ours and that nothing reads, and where none is."""
        templates, examples = sorted(folder.glob("**/*.j2")), sorted((folder / "examples").glob("*.py"))
        if not templates and not examples:
            raise PromptError(f"{folder} holds no template: neither stages/*.j2, nor partials/*.j2, nor examples/*.py")
        for file in templates:
            if not self._guesses and file not in self._read:
                partials = _names(shipped / "partials", "*.j2")
                raise PromptError(
                    f"{file}:1: nothing reads it: stages lie in {folder / 'stages'}, and no stage includes this one; "
                    f"partials of ours that it could take the place of: {partials}"
                )
        for file in examples:
            if file.stem not in set(Kind):
                raise PromptError(f"{file}:1: no kind of task {file.stem!r}; there are {', '.join(sorted(Kind))}")


def _names(folder: Path, pattern: str) -> str:
    return ", ".join(file.stem for file in sorted(folder.glob(pattern)))


def _type_of(node: nodes.Node, own: Collection[str]) -> type | None:
    """Give the class of an expression where it is known; raises AttributeError for a member that is not there."""
    if isinstance(node, nodes.Name):
        return None if node.name in own else NAMES.get(node.name)
    if not isinstance(node, nodes.Getattr) or (owner := _type_of(node.node, own)) is None:
        return None
    return member(owner, node.attr)

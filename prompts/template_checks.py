"""What is wrong with a template and can be said before it is filled: file and line, and what there is instead.

A name that the template, or one that includes it, binds anywhere is its own, and looked at when it is rendered; so is
what it asks with ``is defined`` or gives a default, and all that is reached by an index or a call.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import nodes

from prompts.counters import ShownCounters
from prompts.members import member
from prompts.scene import Scene
from prompts.stage import PromptError, Stage, text_of
from prompts.template_tree import bound_by, chain_of, included_by, optional_in
from prompts.templates import Templates, templates_in
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


@dataclass(frozen=True, slots=True)
class _Given:
    """What a template is read with."""

    counters: Collection[str]
    names: Mapping[str, type | None]
    bound: frozenset[str] = frozenset()
    """Names that those bind which include it."""
    above: tuple[Path, ...] = ()
    """The files that include it."""


class Checker:
    """Checks the templates that are read, with all that they include, and remembers them."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        self._read = set[Path]()
        self._guesses = False
        """Whether some template makes up the name of what it includes."""

    def check(self, source: str, file: Path, counters: Collection[str]) -> None:
        """Refuse an unknown name or attribute, a counter outside ``counters``, an include that is none.

        Raises PromptError with file and line.
        """
        self._check(source, file, _Given(counters, NAMES))

    def _check(self, source: str, file: Path, given: _Given) -> None:
        self._read.add(file)
        tree = self._templates.parse(source, file)
        given = replace(given, bound=given.bound | bound_by(tree), above=(*given.above, file))
        self._check_names(tree, file, given)
        for number, line in enumerate(source.split("\n"), 1):
            strangers = [name for name in _COUNTER.findall(line) if name not in given.counters]
            if strangers:
                raise PromptError(f"{file}:{number}: the stage does not declare the counter {strangers[0]!r}")
        for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
            self._check_included(node, f"{file}:{node.lineno}", given)

    def _check_included(self, node: nodes.Node, place: str, given: _Given) -> None:
        try:
            names = included_by(node)
        except TypeError as error:
            raise PromptError(f"{place}: {error}") from None
        found = [file for name in names or () if (file := self._templates.find(name))]
        self._guesses |= names is None
        if names and not found and not getattr(node, "ignore_missing", False):
            raise PromptError(f"{place}: no template {' or '.join(map(repr, names))}")
        if not getattr(node, "with_context", True):
            given = replace(given, names={}, bound=frozenset())
        for file in found:
            if file not in given.above:
                self._check(text_of(file), file, given)

    def _check_names(self, tree: nodes.Template, file: Path, given: _Given) -> None:
        optional = optional_in(tree)
        extends = next(tree.find_all(nodes.Extends), None)  # what it extends may bind names, too
        known = given.bound | given.names.keys() | self._templates.own_names | optional
        for node in tree.find_all((nodes.Name, nodes.Getattr)):
            if isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in known and not extends:
                there = ", ".join(sorted(given.names)) or "none where a file is read without context"
                raise PromptError(f"{file}:{node.lineno}: no {node.name!r}; there are {there}")
            try:
                _type_of(node, given, optional)
            except AttributeError as error:
                raise PromptError(f"{file}:{node.lineno}: {error}") from None

    def refuse_stray(self, folder: Path, shipped: Path) -> None:
        """Raise PromptError for a template of the user's that nothing reads, and where there is none."""
        templates = templates_in(folder)
        examples = sorted((folder / "examples").glob("[!_.]*.py"))
        if not templates and not examples:
            raise PromptError(f"{folder} holds no template: neither stages/*.j2, nor partials/*.j2, nor examples/*.py")
        for file in templates:
            wins = self._templates.find(file.relative_to(folder).as_posix()) == file
            if wins and not self._guesses and file not in self._read:
                partials = ", ".join(each.stem for each in sorted((shipped / "partials").glob("*.j2")))
                raise PromptError(
                    f"{file}:1: nothing reads it: stages are {folder / 'stages'}/*.j2, and no stage includes this one; "
                    f"partials of ours that it could take the place of: {partials}"
                )
        for file in examples:
            if file.stem not in set(Kind):
                raise PromptError(f"{file}:1: no kind of task {file.stem!r}; there are {', '.join(sorted(Kind))}")


def _type_of(node: nodes.Node, given: _Given, optional: Collection[str]) -> type | None:
    """Give the class of an expression where it is known; raises AttributeError for a member that is not there."""
    if chain_of(node) in optional:
        return None
    if isinstance(node, nodes.Name):
        return None if node.name in given.bound else given.names.get(node.name)
    if not isinstance(node, nodes.Getattr) or (owner := _type_of(node.node, given, optional)) is None:
        return None
    return member(owner, node.attr)

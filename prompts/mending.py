"""Mends a candidate before it is judged: every rule in ``prompts/mends``, until none finds anything more."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from prompts import mends
from prompts.mends import Mend
from prompts.program import read


@dataclass(frozen=True, slots=True)
class Mended:
    """A source that was looked through."""

    source: str
    """Byte for byte as it was where no rule changed it."""
    mends: tuple[str, ...] = ()
    """Names of the rules that changed it, each once, in the order of their first change."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by name."""

    name: str
    """Of its file."""
    words: str
    """What it mends, in one line."""
    mend: Mend


@functools.cache
def known_mends() -> Mapping[str, Rule]:
    """Rules that are shipped, in the order of their names."""
    names = sorted(module.name for module in iter_modules(mends.__path__))
    return {name: _rule(name) for name in names}


def mended(source: str) -> Mended:
    """Let every rule mend the source. A rule may open the way for another, so they go round, once for each rule."""
    rules, changed_by = known_mends().values(), dict[str, None]()
    program = read(source)
    for _ in rules:
        before = program
        for rule in rules:
            edits = rule.mend(program) if program else ()
            if program and edits:
                changed_by[rule.name] = None
                source = program.edited(edits)
                program = read(source)
        if program is before:
            break
    return Mended(source, tuple(changed_by))


def mended_by(rule: Rule, source: str) -> str | None:
    """Return what one rule makes of a source; None where it finds nothing to mend, or no Python."""
    program = read(source)
    edits = rule.mend(program) if program else ()
    return program.edited(edits) if program and edits else None


def _rule(name: str) -> Rule:
    module = import_module(f"{mends.__name__}.{name}")
    return Rule(name, (module.__doc__ or "").splitlines()[0], module.mend)

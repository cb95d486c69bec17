"""What attributes a class has, and of which class each is: known from its annotations, before there is an object."""

import difflib
from collections.abc import Collection, Mapping
from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints

_MOST_NAMED = 20


def member(owner: type, name: str) -> type | None:
    """Give an attribute's class, None where that is not known; raises AttributeError with the nearest there is."""
    hints: Mapping[str, Any] = get_type_hints(owner)
    there = {each: value for base in reversed(owner.__mro__) for each, value in vars(base).items()}
    if name not in there and name not in hints:
        raise AttributeError(f"{owner.__name__} has no {name!r}; {_instead(name, {*hints, *there})}")
    found = there.get(name)
    return _class_of(get_type_hints(found.fget).get("return") if isinstance(found, property) else hints.get(name))


def _instead(name: str, there: Collection[str]) -> str:
    members = sorted(each for each in there if not each.startswith("_"))
    near = difflib.get_close_matches(name, members, 1)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"there are {', '.join(members[:_MOST_NAMED])}" + (" and others" if len(members) > _MOST_NAMED else "")


def _class_of(hint: object) -> type | None:
    """Give the one class of a hint that may be None, too; None where it is several, or a container's."""
    if isinstance(hint, UnionType):
        classes = [each for each in get_args(hint) if each is not NoneType]
        hint = classes[0] if len(classes) == 1 else None
    return hint if isinstance(hint, type) else None

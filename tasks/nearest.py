"""What an error offers instead of a name that does not exist."""

import difflib
from collections.abc import Iterable

_LISTED = 12


def instead(wrong: str, known: Iterable[str]) -> str:
    """End a message about ``wrong``: the nearest known names, else the first dozen of all, else that there is none."""
    names = list(known)
    near = difflib.get_close_matches(wrong, names, 3, 0.5)
    if near:
        return f"did you mean {' or '.join(near)}?"
    if not names:
        return "there is none"
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"there are {', '.join(names[:_LISTED])}{more}"

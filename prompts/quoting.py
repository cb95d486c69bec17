"""Quotes foreign text in a prompt, so that it stays text: code and messages cannot end their own fence."""

import re

_FENCED_OR_GAP = re.compile(r"^(?P<fence>`{3,})[^`\n]*\n.*?^(?P=fence)$|\n{3,}", re.DOTALL | re.MULTILINE)


def fenced(text: str, language: str = "") -> str:
    """Put text between fences longer than any run of backticks inside it; the text itself is unchanged."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip(chr(10))}\n{fence}"


def one_line(text: str, length: int = 160) -> str:
    """Squeeze text to one line of at most ``length`` characters, without backticks."""
    line = " ".join(text.replace("`", "'").split())
    return line if len(line) <= length else line[: length - 1] + "…"


def tidied(text: str) -> str:
    """Leave at most one empty line between parts, as templates do not; what stands between fences is unchanged."""
    return _FENCED_OR_GAP.sub(lambda found: found[0] if found["fence"] else "\n\n", text).strip()

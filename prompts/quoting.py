"""Quotes foreign text in a prompt, so that it stays text: code and messages cannot end their own fence."""

import re


def fenced(text: str, language: str = "") -> str:
    """Put text between fences longer than any run of backticks inside it; the text itself is unchanged."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip(chr(10))}\n{fence}"


def one_line(text: str, length: int = 160) -> str:
    """Squeeze text to one line of at most ``length`` characters, without backticks."""
    line = " ".join(text.replace("`", "'").split())
    return line if len(line) <= length else line[: length - 1] + "…"

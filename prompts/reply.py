"""Reads an answer: the last fenced block that parses and defines ``ModelNew``, or why there is none."""

import ast
import re
import warnings
from dataclasses import dataclass

from prompts.mends import model_name
from prompts.program import read

_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<marks>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)$")
_THINK = re.compile(r"\A\s*<think(?:ing)?>(?P<thought>.*?)(?P<end></think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_STRAY_END = re.compile(r"\A(?:.*\n)?[ \t]*</think(?:ing)?>[ \t]*(?:\n|\Z)", re.DOTALL | re.IGNORECASE)
_MOST_ENDS = 8
"""Closing fences tried for one block: fences inside a docstring look like its end."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a reply held."""

    source: str | None
    """Python text that defines ``ModelNew``, or a ``Model`` to be renamed, and ends in one newline; None without."""
    reason: str = ""
    """Why there is none, for people and for the next prompt; empty where there is."""


@dataclass(frozen=True, slots=True)
class _Block:
    text: str
    info: str
    closed: bool
    fault: str
    """Why it is not an answer; empty where it is."""


def extract(text: str) -> Extracted:
    """Find the code. A block without an end is taken for cut off: half a file is never judged."""
    answer = without_thought(text)
    if answer is None:
        return Extracted(None, "cut off: the reply ends inside its <think> part")
    if not answer.strip():
        return Extracted(None, "the reply is empty")
    blocks = _blocks(answer.split("\n"))
    if not blocks:
        return _unfenced(answer)
    if not blocks[-1].closed:
        return Extracted(None, f"cut off: code block {len(blocks)} has no end")
    good = [block for block in blocks if not block.fault] or [block for block in blocks if _misnamed(block.text)]
    return Extracted(_ended(good[-1].text)) if good else Extracted(None, _complaint(blocks))


def without_thought(text: str) -> str | None:
    """Leave out the ``<think>`` part that a reply begins with; None where the reply ends inside it."""
    text = text.replace("\r\n", "\n")
    thought = _THINK.match(text)
    if thought and not thought["end"]:
        return None
    return text[thought.end() :] if thought else _STRAY_END.sub("", text)


def _blocks(lines: list[str]) -> list[_Block]:
    blocks: list[_Block] = []
    at = 0
    while at < len(lines):
        opening = _FENCE.match(lines[at])
        at += 1
        if not opening:
            continue
        ends = _ends(lines, at, opening["marks"])
        if not ends:
            rest = "\n".join(lines[at:])
            if rest.strip():
                blocks.append(_Block(rest, opening["info"], closed=False, fault="has no end"))
            break
        block, end = _read_block(lines, at, ends, opening)
        inner = [line for line in lines[at:end] if (mark := _FENCE.match(line)) and mark["info"].strip()]
        if block.fault and inner:
            continue  # a block opens inside: this fence was a stray one, or a closing one without its partner
        blocks.append(block)
        at = end + 1
    return blocks


def _ends(lines: list[str], start: int, marks: str) -> list[int]:
    """Indices of the lines that could close a fence, the first few."""
    found: list[int] = []
    for index in range(start, len(lines)):
        closing = _FENCE.match(lines[index])
        if closing and not closing["info"].strip() and closing["marks"].startswith(marks):
            found.append(index)
        if len(found) == _MOST_ENDS:
            break
    return found


def _read_block(lines: list[str], start: int, ends: list[int], opening: re.Match[str]) -> tuple[_Block, int]:
    """Take the first end that makes the block an answer, else the first."""
    blocks: list[_Block] = []
    for end in ends:
        text = "\n".join(_dedented(lines[start:end], opening["indent"]))
        blocks.append(_Block(text, opening["info"], closed=True, fault=_fault(text)))
        if not blocks[-1].fault:
            return blocks[-1], end
        if "class ModelNew" not in "\n".join(lines[start : ends[-1]]):
            break
    return blocks[0], ends[0]


def _dedented(lines: list[str], indent: str) -> list[str]:
    """Take off the fence's own indentation (a block in a list), where every line has it."""
    if indent and all(line.startswith(indent) or not line.strip() for line in lines):
        return [line.removeprefix(indent) for line in lines]
    return lines


def _fault(text: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a candidate's odd escapes are not ours to report
            tree = ast.parse(text)
    except SyntaxError as error:
        return f"does not parse: line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return f"does not parse: {error}"
    defines = any(isinstance(node, ast.ClassDef) and node.name == "ModelNew" for node in ast.walk(tree))
    return "" if defines else "does not define ModelNew"


def _misnamed(text: str) -> bool:
    """Whether it is an answer but for its class's name."""
    program = read(text)
    return program is not None and bool(model_name.mend(program))


def _unfenced(answer: str) -> Extracted:
    """Read a reply without fences: all of it, or all from its first import on."""
    first = re.search(r"^(?:import|from) ", answer, re.MULTILINE)
    for text in (answer, answer[first.start() :] if first else answer):
        if not _fault(text):
            return Extracted(_ended(text.lstrip("\n")))
    return Extracted(None, "no code block")


def _complaint(blocks: list[_Block]) -> str:
    count = f"{len(blocks)} blocks" if len(blocks) > 1 else "1 block"
    for number, block in reversed(list(enumerate(blocks, 1))):
        if block.info.strip().lower() in {"diff", "patch"}:
            return f"{count}, and block {number} is a diff: the whole file is needed"
        if "class ModelNew" in block.text and block.fault:
            return f"block {number} {block.fault}"
    return f"{count}, none defines ModelNew"


def _ended(text: str) -> str:
    return text.rstrip("\n") + "\n"

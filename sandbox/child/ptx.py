"""Reads how many instructions of which kind each loop of a compiled kernel holds, out of its PTX."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sandbox.child.records import Requests, Section

_LABEL = re.compile(r"^\$L__(BB\d+_\d+):")
_FALL = re.compile(r"^// %bb\.\d+:")
_OWN = re.compile(r"=>\s*This (?:Inner )?Loop Header: Depth=(\d+)")
_IN = re.compile(r"in Loop: Header=(BB\d+_\d+) Depth=(\d+)")
_PARENT = re.compile(r"Parent Loop (BB\d+_\d+) Depth=(\d+)")
_LOC = re.compile(r"^\.loc\s+(\d+)\s+(\d+)")
_FILE = re.compile(r'^\.file\s+(\d+)\s+"([^"]*)"')
_INSTRUCTION = re.compile(r"^(?:@!?%\w+\s+)?([a-z][\w.:]*)")
_VECTOR = re.compile(r"\.v(\d)")
_WIDTH = re.compile(r"\.[busf](\d+)")
_BYTES = re.compile(r"0x([0-9a-f]+)")
_FREE = ("mov.", "ret", "bra", "pragma", "cvta", "cvt.u32.u64", "cvt.s64.s32", "cp.async.commit", "cp.async.wait")
# SASS instructions for one of PTX, or slots of a slow pipe, against the 128 lanes of an SM that add and multiply:
# 64-bit integers take two, 16 lanes make a transcendental take 8 (4, as it overlaps), divisions are short programs.
_SLOTS = (
    (("div.s64", "rem.s64", "div.u64", "rem.u64"), 80.0),
    (("div.s32", "rem.s32", "div.u32", "rem.u32"), 20.0),
    (("div.full", "div.rn", "div.approx", "sqrt.rn"), 10.0),
    (("ex2", "lg2", "sin", "cos", "tanh", "sqrt", "rsqrt", "rcp"), 4.0),
    (("add.f64", "mul.f64", "fma.rn.f64", "add.rn.f64", "mul.rn.f64"), 64.0),
    (("add.s64", "sub.s64", "add.u64", "mad.wide", "mul.wide", "mul.lo.s32", "mad.lo.s32", "shl.b64"), 2.0),
    (("mul.lo.s64", "mad.lo.s64"), 4.0),
)


@dataclass
class _Block:
    """Instructions from a label to the next, with the loop that they lie in."""

    loop: str = ""
    depth: int = 0
    lines: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    """Source line and instruction."""


def sections(ptx: str, file: str, loop_lines: Iterable[int]) -> tuple[Section, ...]:
    """Split a kernel by loops; ``loop_lines`` are the lines of ``file`` on which a loop stands."""
    blocks, parents = _blocks(ptx, file)
    by_loop: dict[str, list[_Block]] = defaultdict(list)
    for block in blocks:
        by_loop[block.loop].append(block)
    lines = _loop_lines(by_loop, parents, set(loop_lines))
    return tuple(_section(lines.get(loop, -1) if loop else 0, found) for loop, found in by_loop.items())


def _blocks(ptx: str, file: str) -> tuple[list[_Block], dict[str, str]]:
    ours = {
        number
        for line in ptx.splitlines()
        if (m := _FILE.match(line.strip()))
        for number, name in [m.groups()]
        if name.endswith(file)
    }
    blocks, parents = [_Block()], dict[str, str]()
    line, label = 0, ""
    body = ptx[ptx.index("{", ptx.index(".entry")) :] if ".entry" in ptx else ""
    for text in (each.strip() for each in body.splitlines()):
        if begun := _LABEL.match(text) or _FALL.match(text):
            label = begun.group(1) if begun.re is _LABEL else ""
            blocks.append(_Block())
        if "//" in text:
            _place(blocks[-1], text, label, parents)
        if moved := _LOC.match(text):
            line = int(moved.group(2)) if moved.group(1) in ours else 0
        elif not text.startswith(("//", "$", ".", "{", "}", ")")) and _INSTRUCTION.match(text):
            blocks[-1].lines.append((line, text))
    return blocks, parents


def _place(block: _Block, text: str, label: str, parents: dict[str, str]) -> None:
    """Read LLVM's own words about loops beside a block."""
    if parent := _PARENT.search(text):
        block.loop = parent.group(1)  # the innermost of them comes last
    if own := _OWN.search(text):
        parents[label] = block.loop
        block.loop, block.depth = label, int(own.group(1))
    elif inside := _IN.search(text):
        block.loop, block.depth = inside.group(1), int(inside.group(2))


def _loop_lines(by_loop: dict[str, list[_Block]], parents: dict[str, str], known: set[int]) -> dict[str, int]:
    """Find each loop's line: its blocks hold its own and those of the loops in it, which are told apart first."""
    lines: dict[str, int] = {}
    for loop in sorted(parents, key=lambda each: -max((b.depth for b in by_loop.get(each, [])), default=0)):
        inner = {lines[child] for child, parent in parents.items() if parent == loop and child in lines}
        found = {line for block in by_loop.get(loop, []) for line, _ in block.lines} & known - inner
        if found:
            lines[loop] = max(found)
    return lines


def _section(line: int, blocks: list[_Block]) -> Section:
    issue = shared = barriers = products = 0.0
    requests: dict[tuple[int, str, float, bool], float] = defaultdict(float)
    for source_line, text in (each for block in blocks for each in block.lines):
        match = _INSTRUCTION.match(text)
        assert match  # only instructions were kept
        name = match.group(1)
        if name.startswith(_FREE):
            continue
        issue += next((slots for names, slots in _SLOTS if name.startswith(names)), 1.0)
        products += name.startswith(("mma.", "wgmma.mma", "tcgen05.mma"))
        barriers += name.startswith(("bar.", "barrier."))
        shared += _shared_bytes(name, text)
        if request := _request(name, text):
            requests[(source_line, *request)] += 1
    found = tuple(Requests(at, kind, count, size, waits) for (at, kind, size, waits), count in requests.items())
    return Section(line, max((b.depth for b in blocks), default=0), issue, shared, barriers, products, found)


def _width(name: str) -> float:
    vector, width = _VECTOR.search(name), _WIDTH.search(name)
    return (int(vector.group(1)) if vector else 1) * (int(width.group(1)) / 8 if width else 4)


def _request(name: str, text: str) -> tuple[str, float, bool] | None:
    """Kind, bytes of one thread, whether it is waited for; None for what is no request to global memory."""
    if name.startswith("ld.global"):
        return "load", _width(name), True
    if name.startswith("st.global"):
        return "store", _width(name), False
    if name.startswith(("atom.", "red.")):
        return "atomic", _width(name), name.startswith("atom.")
    if name.startswith("cp.async") and "shared" in name and "bulk" not in name:
        size = _BYTES.search(text)
        return "load", float(int(size.group(1), 16)) if size else 16.0, False
    return None


def _shared_bytes(name: str, text: str) -> float:
    if name.startswith(("ld.shared", "st.shared")):
        return _width(name)
    if name.startswith(("ldmatrix", "stmatrix")):
        return 4.0 * next((n for n in (4, 2) if f".x{n}" in name), 1)
    if name.startswith("shfl"):
        return 4.0
    if name.startswith("cp.async") and "shared" in name:
        size = _BYTES.search(text)
        return float(int(size.group(1), 16)) if size else 16.0
    return 0.0

"""Reads the table that Nsight Compute prints of its raw page."""

import csv
from collections.abc import Mapping
from math import isfinite

from sandbox.profilers.launches import Launch

_NAME, _FIRST = "Kernel Name", "ID"


def read(text: str) -> list[Launch]:
    """Give the launches in their order, their counters in base units.

    The header is the first row that begins with ``ID``. The units below it, whatever is no whole row of the table, and
    cells that hold no number (``n/a`` for what a chip does not count) are passed over.
    """
    lines = text.split("\n")
    start = next((index for index, line in enumerate(lines) if line.startswith(f'"{_FIRST}"')), None)
    if start is None:
        return []
    header, *rows = [_cells(line) for line in lines[start:]]
    if _NAME not in header:
        return []
    return [
        Launch(row[header.index(_NAME)], _counters(dict(zip(header, row, strict=True))))
        for row in rows
        if len(row) == len(header) and row[0].isdecimal()
    ]


def _counters(cells: Mapping[str, str]) -> dict[str, float]:
    return {name: value for name, cell in cells.items() if "__" in name and (value := _number(cell)) is not None}


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:  # what a candidate printed among the rows may be anything
        return []


def _number(cell: str) -> float | None:
    try:
        number = float(cell.replace(",", ""))
    except ValueError:
        return None
    return number if isfinite(number) else None

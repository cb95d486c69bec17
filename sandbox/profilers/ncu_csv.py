"""Reads the table that Nsight Compute prints of its raw page."""

import csv
from math import isfinite

DURATION = "gpu__time_duration.sum"
_NAME, _FIRST = "Kernel Name", "ID"


def read(text: str) -> dict[str, dict[str, float]]:
    """Give kernel → counter → value, in base units; of launches of one kernel the slowest.

    The header is the first row that begins with ``ID``. The units below it, whatever is no row of the table, and cells
    that hold no number are passed over.
    """
    lines = text.split("\n")
    start = next((index for index, line in enumerate(lines) if line.startswith(f'"{_FIRST}"')), None)
    if start is None:
        return {}
    header, *rows = [_cells(line) for line in lines[start:]]
    kernels: dict[str, dict[str, float]] = {}
    for row in rows:
        if not row or len(row) != len(header) or not row[0].isdecimal():
            continue
        cells = dict(zip(header, row, strict=True))
        values = {
            name: number for name, cell in cells.items() if "__" in name and (number := _number(cell)) is not None
        }
        name = cells.get(_NAME, "")
        if name not in kernels or values.get(DURATION, 0.0) > kernels[name].get(DURATION, 0.0):
            kernels[name] = values
    return kernels


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

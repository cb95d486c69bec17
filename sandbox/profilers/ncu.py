"""Reads a candidate's counters with Nsight Compute."""

import os
import shutil
import tempfile
from pathlib import Path

from sandbox.boxed import boxed
from sandbox.child.setup import Setup, packed
from sandbox.isolation import strongest
from sandbox.leashed import Child, module_command
from sandbox.metrics import CounterSource, NcuMetrics
from sandbox.profilers.ncu_csv import DURATION, read
from sandbox.profilers.own_kernels import own_kernels

LIKELY = Path("/usr/local/cuda/bin/ncu")
TIMEOUT_S = 300.0
_UNKNOWN, _FORBIDDEN = "Failed to find metric", "ERR_NVGPUCTRPERM"


def program() -> str | None:
    """Where Nsight Compute is, or None."""
    return shutil.which("ncu") or (str(LIKELY) if LIKELY.exists() else None)


def profile(setup: Setup, arena: int, counters: tuple[str, ...], timeout_s: float = TIMEOUT_S) -> NcuMetrics | str:
    """Give the counters of one call, of the candidate's own Triton kernels; or, in one line, why there are none.

    ``arena`` is the descriptor of a memfd on the host that holds weights and inputs. Counters that this card or this
    version does not know become ``missing``.
    """
    ncu = program()
    if ncu is None:
        return "Nsight Compute (ncu) is not installed"
    asked = tuple(dict.fromkeys((*counters, DURATION)))
    table, log = _run(ncu, setup, arena, asked, timeout_s)
    unknown = {each for each in asked for line in log.splitlines() if _UNKNOWN in line and each in line}
    if unknown and not table:
        table, log = _run(ncu, setup, arena, tuple(each for each in asked if each not in unknown), timeout_s)
    kernels = read(table)
    if not kernels:
        return _reason(table + log)
    own = own_kernels(setup.source) & kernels.keys()
    found = {name: values for name, values in kernels.items() if name in own or not own}
    missing = tuple(each for each in counters if not any(each in values for values in found.values()))
    return NcuMetrics(found, CounterSource.NCU, missing)


def _run(ncu: str, setup: Setup, arena: int, asked: tuple[str, ...], timeout_s: float) -> tuple[str, str]:
    """Give the table that it wrote and the end of all that it and the candidate printed."""
    table = os.memfd_create("counters")
    flags = ["--csv", "--page", "raw", "--print-units", "base", "--kernel-name-base", "function"]
    flags += ["--clock-control", "none", "--profile-from-start", "off", "--log-file", f"/proc/self/fd/{table}"]
    command = [ncu, *flags, "--metrics", ",".join(asked), *module_command("sandbox.child.profiled", str(arena))]
    with tempfile.TemporaryFile() as stdin, os.fdopen(table, "rb") as written:
        stdin.write(packed(setup))
        stdin.seek(0)
        box = boxed(strongest(counters=True), {}, on_card=True)
        child = Child(command, box, fds=(arena, table), stdin=stdin.fileno())
        ended = child.wait(timeout_s)
        child.kill()
        written.seek(0)
        text = written.read().decode(errors="replace")
    return text, child.tail if ended else f"{child.tail}\nno end within {timeout_s:g} s"


def _reason(log: str) -> str:
    if _FORBIDDEN in log:
        return "the driver keeps counters for administrators (ERR_NVGPUCTRPERM)"
    lines = [line.strip() for line in log.splitlines() if "==ERROR==" in line] or log.strip().splitlines()[-1:]
    return f"Nsight Compute read nothing: {lines[-1][:300] if lines else 'it said nothing'}"

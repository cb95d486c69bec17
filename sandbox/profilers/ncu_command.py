"""What is said to Nsight Compute, and what its answers mean when they hold no counters. Imports nothing heavy."""

import re
import shutil
from collections.abc import Collection, Sequence
from glob import glob

PLACES = ("/usr/local/cuda/bin/ncu", "/usr/local/cuda-*/bin/ncu", "/opt/nvidia/nsight-compute/*/ncu")
"""Where its installers put it; the newest of several."""
NOT_INSTALLED = "Nsight Compute (ncu) is not installed: install nsight-compute, or put ncu on the PATH"
FORBIDDEN = (
    "the driver keeps its counters for administrators (ERR_NVGPUCTRPERM): run as root with CAP_SYS_ADMIN (in a "
    "container --cap-add=SYS_ADMIN), or load the driver with NVreg_RestrictProfilingToAdminUsers=0"
)
NO_KERNEL = "Nsight Compute saw no kernel: the candidate launched none in its second call"

_UNKNOWN = re.compile(r"fail\w* to find|unknown|invalid|unsupported|not (?:found|available|supported)", re.IGNORECASE)
_WORDS = 300


def program() -> str | None:
    """Where Nsight Compute is, or None."""
    found = [path for place in PLACES for path in sorted(glob(place), reverse=True)]  # noqa: PTH207 - absolute patterns
    return shutil.which("ncu") or next(iter(found), None)


def command(ncu: str, table: int, counters: Sequence[str], only: Collection[str], *, base_clocks: bool) -> list[str]:
    """Give the command line up to the program that is watched.

    ``table`` is a descriptor that gets the answer. Kernels between the marks of ``profiled.py`` count, so that what
    tuning launched before does not; of these all, or those called as one of ``only``.
    """
    flags = ["--csv", "--page", "raw", "--print-units", "base", "--kernel-name-base", "function"]
    flags += ["--clock-control", "base" if base_clocks else "none"]
    flags += ["--profile-from-start", "off", "--log-file", f"/proc/self/fd/{table}"]
    if only:
        flags += ["--kernel-name", f"regex:^({'|'.join(sorted(only))})"]
    return [ncu, *flags, "--metrics", ",".join(counters)]


def unknown(said: str, counters: Collection[str]) -> set[str]:
    """Give the counters that it says it does not know."""
    lines = [line for line in said.splitlines() if _is_message(line) and _UNKNOWN.search(line)]
    named = {word.rstrip(".") for line in lines for word in re.findall(r"\w+__[\w.]+", line)}
    return {each for each in counters if each in named}


def reason(said: str) -> str:
    """Say in one line why there are no counters."""
    if "ERR_NVGPUCTRPERM" in said:
        return FORBIDDEN
    if "No kernels were profiled" in said:
        return NO_KERNEL
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if "==ERROR==" in line and "returned an error code" not in line]
    last = (telling or [line for line in lines if not _is_message(line)] or lines)[-1:]
    return f"Nsight Compute read nothing: {last[0][:_WORDS] if last else 'it said nothing'}"


def _is_message(line: str) -> bool:
    return line.lstrip().startswith(("==ERROR==", "==WARNING==", "==PROF=="))

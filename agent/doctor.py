"""What this machine can and cannot do, and why; nothing heavy is imported and nothing is made to find out."""

import importlib.util
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from importlib.resources import files
from pathlib import Path

from agent.archive import runs
from agent.home import HomeError, checked
from agent.journal import Journal, JournalError
from agent.llm import LlmError
from agent.llm.provider import tables
from agent.settings import Settings
from sandbox import isolation, nvml
from sandbox.devices import choose, memory_bytes, why_no_cuda
from sandbox.evaluation import SandboxError

PACKAGES = ("agent", "prompts", "sandbox", "tasks")
"""Our own top-level names; they are so plain that another distribution may bring them too."""
_GB = 1 << 30
_LITTLE_DISK_GB = 2.0
_LITTLE_MEMORY_GB = 4.0


class State(StrEnum):
    """How well something works."""

    OK = "ok"
    LIMITED = "limited"
    """The main job works, with less."""
    MISSING = "missing"
    """The main job does not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: State
    text: str
    """What was found."""
    remedy: str = ""
    """What to do; empty where there is nothing to mend."""


def findings(home: Path, settings: Settings) -> list[Finding]:
    """Look at everything; never raises for what is missing."""
    checks: list[Callable[[], Finding]] = [
        *(lambda name=name: _library(name) for name in ("torch", "triton")),
        _card,
        lambda: _place(settings),
        _target_tools,
        _compiler,
        _profiler,
        _isolation,
        _memory,
        lambda: _home(home),
        lambda: _journal(home),
        lambda: _keys(home),
        _recordings,
        _names,
        lambda: _settings(settings),
    ]
    return [check() for check in checks]


def works(found: list[Finding]) -> bool:
    """Whether kernels can be judged here."""
    return all(each.state is not State.MISSING for each in found)


def _library(name: str) -> Finding:
    try:
        return Finding(name, State.OK, metadata.version(name))
    except metadata.PackageNotFoundError:
        return Finding(name, State.MISSING, "not installed", f"pip install {name}")


def _card() -> Finding:
    card, reason = nvml.device_name(), why_no_cuda()
    if not reason:
        return Finding("card", State.OK, str(card))
    remedy = "install a CUDA build of torch" if card else "nothing to do: times are modelled, never called measured"
    return Finding("card", State.LIMITED, f"{card}: {reason}" if card else reason, remedy)


def _place(settings: Settings) -> Finding:
    config = settings.config
    try:
        place = choose(config.gpu, config.place.value)
    except SandboxError as error:
        return Finding("place", State.MISSING, str(error), f"place is set by: {settings.where('place')}")
    times = "times are measured" if place.on_card else "times are modelled"
    return Finding("place", State.OK, f"{place.kind} for {place.gpu.id}; {times}")


def _target_tools() -> Finding:
    spec = importlib.util.find_spec("triton")
    folder = Path(spec.origin).parent / "backends" / "nvidia" / "bin" if spec and spec.origin else None
    lacking = [tool for tool in ("ptxas", "cuobjdump") if folder is None or not (folder / tool).exists()]
    if not lacking:
        return Finding("target tools", State.OK, "ptxas and cuobjdump come with triton")
    text = f"triton brings no {' and no '.join(lacking)}"
    return Finding(
        "target tools", State.LIMITED, text, "install triton from its wheel; without them no limit is checked"
    )


def _compiler() -> Finding:
    named = os.environ.get("CC")
    found = next((path for name in (named, "gcc", "clang", "cc") if name and (path := shutil.which(name))), None)
    if found:
        return Finding("C compiler", State.OK, found)
    needed = State.LIMITED if why_no_cuda() else State.MISSING
    return Finding(
        "C compiler", needed, "none: neither CC, gcc, clang nor cc", "install gcc; triton builds its launcher with it"
    )


def _profiler() -> Finding:
    found = shutil.which("ncu")
    if why_no_cuda():
        return Finding("profiler", State.OK, "no card to profile: the compiler for the target gives the counters")
    if found:
        return Finding("profiler", State.OK, found)
    return Finding(
        "profiler", State.LIMITED, "no ncu", "install Nsight Compute and put ncu on the PATH for real counters"
    )


def _isolation() -> Finding:
    unprotected = isolation.strongest().unprotected
    if not unprotected:
        return Finding("isolation", State.OK, "candidates have neither network, files nor other processes")
    text = f"candidates are not kept from: {', '.join(unprotected)}"
    remedy = (
        "run as root or allow user namespaces" if "network" in unprotected else "judge only code of a model you trust"
    )
    return Finding("isolation", State.LIMITED, text, remedy)


def _memory() -> Finding:
    memory, cores = memory_bytes() / _GB, len(os.sched_getaffinity(0))
    text = f"{memory:.0f} GB, {cores} cores"
    if memory < _LITTLE_MEMORY_GB:
        return Finding("memory", State.LIMITED, text, "large tasks may not fit")
    return Finding("memory", State.OK, text)


def _home(home: Path) -> Finding:
    try:
        folder = checked(home)
    except HomeError as error:
        return Finding("home", State.MISSING, str(error))
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not os.access(there, os.W_OK):
        return Finding("home", State.MISSING, f"{there} cannot be written", "name another folder with --home")
    free = shutil.disk_usage(there).free / _GB
    text = f"{folder}, {free:.1f} GB free"
    return Finding("home", State.OK if free > _LITTLE_DISK_GB else State.LIMITED, text)


def _journal(home: Path) -> Finding:
    if not (home / "journal.db").exists():
        return Finding("journal", State.OK, "none yet")
    try:
        past = runs(Journal(home))
    except JournalError as error:
        return Finding("journal", State.MISSING, str(error))
    unfinished = sum(run.ended is None for run in past)
    text = f"{len(past)} runs, {unfinished} unfinished"
    return Finding("journal", State.OK, text, "go on with: kernelwright resume" if unfinished else "")


def _keys(home: Path) -> Finding:
    try:
        names = {table.api_key_env for table in tables(home).values() if table.api_key_env}
    except LlmError as error:
        return Finding("keys", State.LIMITED, str(error), "mend the file, or move it away")
    there = sorted(name for name in names if os.environ.get(name))
    if there:
        return Finding("keys", State.OK, f"set: {', '.join(there)}")
    return Finding(
        "keys", State.OK, "none set: replies are recorded, or come by mailbox", "see: kernelwright list llms"
    )


def _recordings() -> Finding:
    folder = files("agent.llm") / "recordings"
    found = (
        {
            each.name: sum(file.name.endswith(".jsonl") for file in each.iterdir())
            for each in folder.iterdir()
            if each.is_dir()
        }
        if folder.is_dir()
        else {}
    )
    if not any(found.values()):
        return Finding("recordings", State.LIMITED, "none", "name a model with --llm")
    return Finding(
        "recordings", State.OK, ", ".join(f"{count} tasks for {place}" for place, count in sorted(found.items()))
    )


def _names() -> Finding:
    ours = Path(__file__).parent.parent
    owners = metadata.packages_distributions()
    for name in PACKAGES:
        strangers = sorted({owner for owner in owners.get(name, []) if owner != "kernelwright"})
        if strangers:
            text = f"package {name!r} also belongs to {', '.join(strangers)}"
            return Finding("names", State.LIMITED, text, "install kernelwright in an environment of its own")
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None or not Path(spec.origin).is_relative_to(ours):
            where = spec.origin if spec else "nowhere"
            return Finding("names", State.MISSING, f"package {name!r} is found in {where}, not in {ours}", "rename it")
    return Finding("names", State.OK, f"{', '.join(PACKAGES)} are kernelwright's")


def _settings(settings: Settings) -> Finding:
    changed = [f"{key} = {each.value} ({each.origin})" for key, each in sorted(settings.chosen.items())]
    return Finding("settings", State.OK, "; ".join(changed) or "all as shipped")

"""What this machine can and cannot do, and why; nothing heavy is imported and nothing is made to find out."""

import importlib.util
import os
import shutil
from collections.abc import Callable
from importlib import metadata
from importlib.resources import files
from pathlib import Path

from agent import machine, workshop
from agent.archive import runs
from agent.finding import Finding, State
from agent.home import HomeError, checked
from agent.journal import Journal, JournalError
from agent.llm import LlmError
from agent.llm.provider import tables
from agent.settings import Settings
from prompts.stage import PromptError

PACKAGES = ("agent", "prompts", "sandbox", "tasks")
"""Our own top-level names; they are so plain that another distribution may bring them too."""
_LITTLE_DISK_GB = 2.0


def findings(home: Path, settings: Settings) -> list[Finding]:
    """Look at everything; never raises for what is missing."""
    checks: list[Callable[[], Finding]] = [
        *(lambda name=name: _library(name) for name in ("torch", "triton")),
        machine.card,
        lambda: machine.place(settings),
        machine.target_tools,
        machine.compiler,
        machine.profiler,
        machine.isolation,
        machine.memory,
        lambda: _home(home),
        lambda: _journal(home),
        lambda: _keys(home),
        _recordings,
        lambda: _templates(settings),
        _names,
        lambda: _settings(settings),
    ]
    return [check() for check in checks]


def works(found: list[Finding]) -> bool:
    """Whether a run could begin here, with these settings."""
    return all(each.state is not State.MISSING for each in found)


def _library(name: str) -> Finding:
    try:
        return Finding(name, State.OK, metadata.version(name))
    except metadata.PackageNotFoundError:
        return Finding(name, State.MISSING, "not installed", f"pip install {name}")


def _home(home: Path) -> Finding:
    try:
        folder = checked(home)
    except HomeError as error:
        return Finding("home", State.MISSING, str(error))
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not os.access(there, os.W_OK):
        return Finding("home", State.MISSING, f"{there} cannot be written", "name another folder with --home")
    free = shutil.disk_usage(there).free / machine.GB
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


def _templates(settings: Settings) -> Finding:
    folder, whose = settings.config.templates, settings.where("templates")
    try:
        stages = workshop.library_of(settings.config).stages
    except PromptError as error:
        return Finding("templates", State.MISSING, f"{error} ({whose})", "mend the file, or leave the folder out")
    return Finding(
        "templates", State.OK, f"{len(stages)} stages" + (f", {folder} over ours ({whose})" if folder else "")
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

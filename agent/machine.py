"""What this machine brings: card, place, compilers, isolation, memory; found without importing anything heavy."""

import importlib.util
import os
import shutil
from pathlib import Path

from agent.finding import Finding, State
from agent.settings import Settings
from sandbox import nvml
from sandbox.devices import choose, memory_bytes, why_no_cuda
from sandbox.evaluation import SandboxError
from sandbox.isolation import strongest
from sandbox.profilers import ncu_command

GB = 1 << 30
_LITTLE_MEMORY_GB = 4.0


def card() -> Finding:
    """The card, if CUDA can use one."""
    card, reason = nvml.device_name(), why_no_cuda()
    if not reason:
        return Finding("card", State.OK, str(card))
    remedy = "install a CUDA build of torch" if card else "nothing to do: times are modelled, never called measured"
    return Finding("card", State.LIMITED, f"{card}: {reason}" if card else reason, remedy)


def place(settings: Settings) -> Finding:
    """Where candidates would be judged with these settings."""
    config = settings.config
    try:
        place = choose(config.gpu, config.place.value)
    except SandboxError as error:
        return Finding("place", State.MISSING, str(error), f"place is set by: {settings.where('place')}")
    times = "times are measured" if place.on_card else "times are modelled"
    return Finding("place", State.OK, f"{place.kind} for {place.gpu.id}; {times}")


def target_tools() -> Finding:
    """What tells registers and limits of a target's kernel without the card."""
    spec = importlib.util.find_spec("triton")
    folder = Path(spec.origin).parent / "backends" / "nvidia" / "bin" if spec and spec.origin else None
    lacking = [tool for tool in ("ptxas", "cuobjdump") if folder is None or not (folder / tool).exists()]
    if not lacking:
        return Finding("target tools", State.OK, "ptxas and cuobjdump come with triton")
    text = f"triton brings no {' and no '.join(lacking)}"
    return Finding(
        "target tools", State.LIMITED, text, "install triton from its wheel; without them no limit is checked"
    )


def compiler() -> Finding:
    """A C compiler, which Triton builds its launcher with."""
    named = os.environ.get("CC")
    found = next((path for name in (named, "gcc", "clang", "cc") if name and (path := shutil.which(name))), None)
    if found:
        return Finding("C compiler", State.OK, found)
    needed = State.LIMITED if why_no_cuda() else State.MISSING
    return Finding(
        "C compiler", needed, "none: neither CC, gcc, clang nor cc", "install gcc; triton builds its launcher with it"
    )


def profiler() -> Finding:
    """Who reads the counters."""
    found = ncu_command.program()
    if why_no_cuda():
        return Finding("profiler", State.OK, "no card to profile: the compiler for the target gives the counters")
    if found:
        return Finding("profiler", State.OK, found)
    return Finding(
        "profiler", State.LIMITED, "no ncu", "install Nsight Compute and put ncu on the PATH for real counters"
    )


def isolation() -> Finding:
    """What a candidate is kept from."""
    box = strongest()
    if not box.unprotected:
        return Finding("isolation", State.OK, f"{box.name}: candidates have neither network, files nor other processes")
    text = f"{box.name}: candidates are not kept from: {', '.join(box.unprotected)}"
    remedy = "install bubblewrap, and run as root or allow user namespaces; else judge only code of a model you trust"
    return Finding("isolation", State.LIMITED, text, remedy)


def memory() -> Finding:
    """Memory and cores."""
    memory, cores = memory_bytes() / GB, len(os.sched_getaffinity(0))
    text = f"{memory:.0f} GB, {cores} cores"
    if memory < _LITTLE_MEMORY_GB:
        return Finding("memory", State.LIMITED, text, "large tasks may not fit")
    return Finding("memory", State.OK, text)

"""Which place this machine offers, found without importing torch: a controller has no use for it."""

import importlib.util
import os
import platform
import re
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from sandbox import nvml
from sandbox.evaluation import SandboxError
from sandbox.gpu import GpuSpec, gpu_named, gpu_of_device, known_gpus

USUAL_TARGET = "rtx4090"
"""Judged for where there is no card and none was named."""


class PlaceKind(StrEnum):
    """Where candidates run."""

    CUDA = "cuda"
    EMULATED = "emulated"


@dataclass(frozen=True, slots=True)
class Place:
    """Where candidates run, and for which card."""

    kind: PlaceKind
    gpu: GpuSpec

    @property
    def on_card(self) -> bool:
        """Whether there is a card, and it is used."""
        return self.kind is PlaceKind.CUDA

    @property
    def device(self) -> str:
        """Where the judge's own tensors lie, as torch names it."""
        return "cuda" if self.on_card else "cpu"


def choose(gpu_id: str | None, wanted: str) -> Place:
    """Resolve ``auto``, ``cuda`` or ``emulated``, and a card's id or None, to a place; raises SandboxError.

    ``auto`` takes the card that is there, unless another one is named.
    """
    target = gpu_named(gpu_id) if gpu_id else None
    if wanted == "emulated":
        return Place(PlaceKind.EMULATED, target or gpu_named(USUAL_TARGET))
    reason = why_no_cuda()
    card = None if reason else nvml.device_name()
    if wanted == "auto" and (reason or (target and card not in target.device_names)):
        return Place(PlaceKind.EMULATED, target or gpu_named(USUAL_TARGET))
    if reason:
        raise SandboxError(f"place cuda: {reason}; there is emulated")
    if target and card not in target.device_names:
        raise SandboxError(f"place cuda: the card is {card!r}, not {target.id}; name it, or take place emulated")
    spec = target or gpu_of_device(str(card))
    if spec is None:
        raise SandboxError(
            f"no file in sandbox/gpus for {card!r}; there are {', '.join(known_gpus())}; or take emulated"
        )
    return Place(PlaceKind.CUDA, spec)


def why_no_cuda() -> str:
    """Give the reason why no card can be used, in a few words; empty where one can."""
    if not nvml.device_name():
        return "no NVIDIA card is to be seen"
    return "" if _torch_has_cuda() else "torch was built without CUDA"


def versions() -> str:
    """For example ``torch 2.13.0, triton 3.9.0, python 3.11.7``."""
    named = [f"{name} {_version(name)}" for name in ("torch", "triton")]
    return ", ".join([*named, f"python {platform.python_version()}"])


def memory_bytes() -> int:
    """Give the host's memory, all of it."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"


def _torch_has_cuda() -> bool:
    spec = importlib.util.find_spec("torch")
    if spec is None or not spec.origin:
        return False
    text = Path(spec.origin).with_name("version.py").read_text()
    return bool(re.search(r"^cuda\b[^=]*=\s*['\"]", text, re.MULTILINE))

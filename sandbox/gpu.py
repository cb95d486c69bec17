"""What is known of a GPU. One TOML file in ``gpus/`` describes one GPU."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.evaluation import SandboxError

FOLDER = Path(__file__).parent / "gpus"


@dataclass(frozen=True, slots=True)
class GpuSpec:
    """The numbers that a prompt quotes and a roofline needs."""

    id: str
    """File name, for example ``rtx4090``."""
    name: str
    """For people, for example ``4090``."""
    device_names: tuple[str, ...]
    """What the driver calls it, for example ``NVIDIA GeForce RTX 4090``."""
    architecture: str
    """For example ``Ada Lovelace``."""
    compute_capability: str
    """For example ``8.9``."""
    sm_count: int
    boost_clock_mhz: float
    dram_gb_per_s: float
    dram_gb: float
    l2_mb: float
    l2_gb_per_s: float
    """Measured or estimated L2 read bandwidth; the file says which."""
    peak_tflops: Mapping[str, float]
    """Dense peaks by type: fp32 (CUDA cores), tf32, bf16, fp16 (tensor cores), ..."""
    registers_per_sm: int
    max_registers_per_thread: int
    max_threads_per_block: int
    max_threads_per_sm: int
    max_blocks_per_sm: int
    warp_size: int
    max_warps_per_sm: int
    smem_kb_per_sm: int
    smem_kb_per_block: int
    source: str
    """Where the figures come from."""

    @property
    def arch(self) -> int:
        """Compute capability as Triton's target takes it, for example 89."""
        return int(self.compute_capability.replace(".", ""))


def known_gpus() -> list[str]:
    """Ids that have a file."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def gpu_named(gpu_id: str) -> GpuSpec:
    """Read ``gpus/<id>.toml``; raises SandboxError that names the nearest known id."""
    if gpu_id not in known_gpus():
        near = difflib.get_close_matches(gpu_id.lower(), known_gpus(), 1, 0.4)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise SandboxError(f"no GPU {gpu_id!r}; {hint}there are {', '.join(known_gpus())}")
    return _read(gpu_id)


def gpu_of_device(device_name: str) -> GpuSpec | None:
    """The spec whose ``device_names`` holds the driver's name of a card, or None."""
    specs = (_read(each) for each in known_gpus())
    return next((spec for spec in specs if device_name in spec.device_names), None)


def _read(gpu_id: str) -> GpuSpec:
    body = tomllib.loads((FOLDER / f"{gpu_id}.toml").read_text())
    return GpuSpec(id=gpu_id, device_names=tuple(body.pop("device_names")), **body)

"""The plain harness that our judge is measured against: it does what the field's scripts do, as fast as that goes.

``python bench/plain.py REFERENCE.py CANDIDATE.py`` is one process for one candidate: inputs from ``get_inputs`` on the
CPU, five correctness trials on fresh seeds, a hundred runs timed by CUDA events after an L2 flush, the same hundred for
the eager reference. It protects from nothing. Prints one JSON line.
"""

import argparse
import importlib.util
import json
import statistics
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import torch

TRIALS = 5
RUNS = 100
FLUSHED_BYTES = 256 << 20
"""Zeroed before each run; more than any card's L2 cache holds."""


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reference", type=Path, help="a file with Model, get_inputs and get_init_inputs")
    parser.add_argument("candidate", type=Path, help="a file with ModelNew")
    parser.add_argument("--tolerance", type=float, default=1e-4, help="atol and rtol of torch.allclose (1e-4)")
    parser.add_argument("--tf32", action="store_true", help="let the reference's float32 products take TF32 operands")
    return parser.parse_args(given)


def loaded(file: Path) -> ModuleType:
    """Import a file; Triton finds a kernel's text by it."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def mismatch(expected: object, answered: object, tolerance: float) -> str:
    """Say in what an answer differs from the reference's; empty where ``torch.allclose`` finds it near enough."""
    wanted, got = (each if isinstance(each, (tuple, list)) else (each,) for each in (expected, answered))
    if len(wanted) != len(got):
        return f"{len(got)} outputs, {len(wanted)} expected"
    for index, (want, have) in enumerate(zip(wanted, got, strict=True)):
        if want.shape != have.shape:
            return f"output {index} has shape {tuple(have.shape)}, expected {tuple(want.shape)}"
        if not torch.allclose(have, want, atol=tolerance, rtol=tolerance):
            return f"output {index} differs by up to {(have - want).abs().max().item():.3g}"
    return ""


class Phases:
    """Seconds by phase."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Add the time of the block to ``name``."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begin


def drawn(reference: ModuleType, seed: int) -> list[object]:
    """Make one input set on the CPU and move it to the card."""
    torch.manual_seed(seed)
    return [each.cuda() if isinstance(each, torch.Tensor) else each for each in reference.get_inputs()]


def event_times_ms(model: torch.nn.Module, inputs: Iterable[object]) -> list[float]:
    """Time ``RUNS`` calls by the card's own events, the L2 cache flushed before each."""
    inputs, scrap, times = list(inputs), torch.empty(FLUSHED_BYTES, dtype=torch.int8, device="cuda"), list[float]()
    for _ in range(RUNS):
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        scrap.zero_()
        start.record()
        model(*inputs)
        end.record()
        torch.cuda.synchronize()
        times.append(start.elapsed_time(end))
    return times


def judged(told: argparse.Namespace, phases: Phases) -> dict[str, object]:
    """Check and time; gives the verdict ``correct`` or ``wrong``, or lets the candidate's exception out."""
    with phases("import"):
        reference, candidate = loaded(told.reference), loaded(told.candidate)
    with phases("build"):
        torch.manual_seed(0)
        model = reference.Model(*reference.get_init_inputs()).cuda()
        new = candidate.ModelNew(*reference.get_init_inputs()).cuda()
        new.load_state_dict(model.state_dict())
    for trial in range(TRIALS):
        with phases("inputs"):
            inputs = drawn(reference, trial + 1)
        with phases("truth"):
            expected = model(*inputs)
            torch.cuda.synchronize()
        with phases("runs" if trial else "compile"):
            answered = new(*inputs)
            torch.cuda.synchronize()
        with phases("truth"):
            differs = mismatch(expected, answered, told.tolerance)
        if differs:
            return {"verdict": "wrong", "message": f"trial {trial + 1} of {TRIALS}: {differs}"}
        del expected, answered
    with phases("runs"):
        ours, eager = event_times_ms(new, inputs), event_times_ms(model, inputs)
    return {
        "verdict": "correct",
        "median_ms": statistics.median(ours),
        "eager_median_ms": statistics.median(eager),
        "speedup": statistics.median(eager) / statistics.median(ours),
    }


def main() -> None:
    """Judge one candidate and print what was found."""
    told, phases = arguments(), Phases()
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = told.tf32
    with phases("context"):
        torch.zeros(1, device="cuda")
    try:
        with torch.no_grad():
            found = judged(told, phases)
    except Exception:  # noqa: BLE001 - whatever the candidate raises is its verdict
        found = {"verdict": "fails", "message": traceback.format_exc(limit=-2)[-600:]}
    print(json.dumps({**found, "phases": phases.seconds}))


if __name__ == "__main__":
    main()

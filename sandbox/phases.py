"""What a judge spends an evaluation's time on."""

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """What the judge is doing; names a field of ``Phases``."""

    SANDBOX = "sandbox"
    IMPORT = "import"
    CONTEXT = "context"
    BUILD = "build"
    COMPILE = "compile"
    INPUTS = "inputs"
    TRUTH = "truth"
    RUNS = "runs"


@dataclass(frozen=True, slots=True)
class Phases:
    """Where one evaluation's time went, in milliseconds. Import and context are not waited for in a warm process."""

    sandbox_ms: float = 0.0
    """Until a process in its box had the candidate: memory that is shared, weights, a new process if none waited."""
    import_ms: float = 0.0
    """CPU time of its process's imports, before it had the candidate; not part of the total."""
    context_ms: float = 0.0
    """To open the card, as its process says; part of ``build_ms``, or of an earlier evaluation where prepared."""
    build_ms: float = 0.0
    """Waited for until source and model were there."""
    compile_ms: float = 0.0
    """First call: kernels are compiled and tuned in it."""
    inputs_ms: float = 0.0
    """To draw secret inputs and weights."""
    truth_ms: float = 0.0
    """Eager and fp64 answers of the reference."""
    runs_ms: float = 0.0
    """All other calls, timed or not."""
    total_ms: float = 0.0
    """From the job to its verdict; also holds comparison, copies and, on a task's first candidate, the baseline."""
    prepared: bool = False
    """Whether it was built while another was judged or awaited."""

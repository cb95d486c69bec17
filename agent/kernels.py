"""A run's best kernel as a file, so that a person need not ask the journal for it."""

from pathlib import Path

from agent.history import History
from agent.whole_file import write_whole


def kernel_file(home: Path, run: str, history: History) -> Path:
    """Where the best kernel of a run lies."""
    return home / "kernels" / run / f"{history.task.name}-best.py"


def keep_best(home: Path, run: str, history: History) -> Path | None:
    """Write the best kernel, if it is not there yet; None where there is none. Raises HomeError."""
    if history.best is None:
        return None
    file = kernel_file(home, run, history)
    source = history.best.candidate.source
    if not file.exists() or file.read_text(encoding="utf-8") != source:
        write_whole(file, source)
    return file

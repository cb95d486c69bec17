"""What runs on a card came to: a row a task, and the geometric means, as Markdown.

    python bench/results.py HOME JUDGED.jsonl > bench/RESULTS.md

HOME is the folder of the runs; of each task the latest that ended counts. JUDGED.jsonl holds the best kernel of each,
judged once more with every baseline: ``kernelwright evaluate TASK KERNEL --json >> JUDGED.jsonl``; the last line of a
task counts. Times come from there, the story from the journal.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from agent import archive
from agent.halt import told
from agent.history import History
from agent.journal import JournalError
from agent.past_journal import PastJournal
from bench.result import HEAD, Result
from prompts.fitting import CHARACTERS_A_TOKEN
from sandbox.evaluation import BaselineName, Source


class UnfitError(ValueError):
    """Runs and judgements do not belong together, or are no measurements; one line that names the task."""


def page(results: Iterable[Result], left_out: Iterable[str] = ()) -> str:
    """The whole file; ``left_out`` names the runs that are not in it."""
    found = sorted(results, key=lambda each: each.history.task.id)
    places = {
        f"{each.history.environment.gpu}, {each.history.environment.versions}"
        for each in found
        if each.history.environment
    }
    solved = [each for each in found if each.ms]
    lines = [
        "# Results",
        "",
        f"Runs on {'; '.join(sorted(places))}. Milliseconds, medians by the judge's clock with cold caches. The",
        "best kernel of each run was judged once more beside all baselines, and these are the times shown; that of the",
        "first correct one is from the run. max-autotune runs CUDA graphs, which copy their inputs first; every call",
        f"has its own here, as a user's have. Tokens are estimated, {CHARACTERS_A_TOKEN} characters each; what a model",
        "thought and did not say is not in them.",
        "",
        HEAD,
        *(each.row() for each in found),
        "",
        f"{len(solved)} of {len(found)} tasks solved.",
        *(f"Not counted, for it did not end: {run}." for run in left_out),
        *(_mean(solved, name) for name in BaselineName),
    ]
    return "\n".join(lines) + "\n"


def _mean(solved: list[Result], name: BaselineName) -> str:
    ratios = [ratio for each in solved if (ratio := each.over(name))]
    if not ratios:
        return f"No time of {name}."
    faster = sum(ratio > 1 for ratio in ratios)
    mean = statistics.geometric_mean(ratios)
    return f"Geometric mean over {name}: {mean:.2f}× ({faster} of {len(ratios)} tasks faster)."


def read(home: Path, judged: Path) -> tuple[list[Result], list[str]]:
    """Pair each task's latest run that ended with its judgement, and name the runs that did not end.

    Raises JournalError, OSError where a file cannot be read, and UnfitError.
    """
    lines = _lines(judged)
    with PastJournal(home) as journal:
        runs = archive.histories(journal)
    latest = {history.task.id: (run, history) for run, history in runs.items() if history.ended is not None}
    results = [Result(history, _judged(run, history, lines)) for run, history in latest.values()]
    if not results:
        raise UnfitError(f"no run in {home} has ended")
    return results, [f"{run} ({history.task.id})" for run, history in runs.items() if history.ended is None]


def _lines(judged: Path) -> dict[str, Mapping[str, Any]]:
    """Find each task's last line; raises UnfitError for what ``evaluate --json`` did not write."""
    found: dict[str, Mapping[str, Any]] = {}
    for number, line in enumerate(judged.read_bytes().splitlines(), 1):
        try:
            each = json.loads(line)
        except ValueError as error:
            raise UnfitError(f"{judged}, line {number}: {error}") from error
        if not isinstance(each, dict) or not {"task", "digest", "source"} <= each.keys():
            raise UnfitError(f"{judged}, line {number}: evaluate --json did not print that")
        found[each["task"]] = each
    return found


def _judged(run: str, history: History, lines: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """Find the judgement of a run's best kernel, empty where nothing was correct; raises UnfitError."""
    task, best, line = history.task.id, history.best, lines.get(history.task.id)
    if best is None and line is None:
        return {}
    if best is None or line is None:
        missing = "its run found nothing correct, and yet a kernel of it was" if line else "its best kernel was not"
        raise UnfitError(f"{task}: {missing} judged once more; the run is {run}")
    if line["digest"] != best.candidate.digest:
        raise UnfitError(
            f"{task}: kernel {line['digest']} was judged once more, but the best of run {run} is "
            f"{best.candidate.digest}"
        )
    here, there = history.environment, line.get("environment")
    if here and there and here.gpu != there["gpu"]:
        raise UnfitError(f"{task}: run {run} was on {here.gpu}, its best kernel was judged once more on {there['gpu']}")
    if Source.MODELLED in (line["source"], best.evaluation.timing and best.evaluation.timing.source):
        raise UnfitError(f"{task}: its times are modelled, not measured; the run is {run}")
    return line


def main() -> None:
    """Print the page, or one line of what is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("home", type=Path, help="folder of the runs")
    parser.add_argument("judged", type=Path, help="what evaluate --json printed, a line a kernel")
    given = parser.parse_args()
    try:
        print(page(*read(given.home, given.judged)), end="")
    except (UnfitError, JournalError, OSError) as fault:
        raise SystemExit(f"results: {told(fault)}") from fault


if __name__ == "__main__":
    main()

"""What this program itself costs an attempt, with a model and a judge that answer at once.

``python bench/orchestration.py`` runs 10, 100 and 1,000 tasks through the real stages, loop and journal, on the
disk, and prints milliseconds an attempt, by the wall clock and of the processor, and how much more an attempt costs
among 1,000 tasks than among 10. A small count is repeated and its best taken: other programs disturb it more.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from agent.batch import Batch, Finished  # noqa: E402 (found by the line above)
from agent.budget import Budget  # noqa: E402
from agent.journal import Journal  # noqa: E402
from agent.llm import Reply  # noqa: E402
from agent.policies import staged  # noqa: E402
from agent.run import begin  # noqa: E402
from agent.tools import Tools  # noqa: E402
from prompts.library import Library  # noqa: E402
from sandbox.duel import Duel, by_what_is_known  # noqa: E402
from sandbox.evaluation import Environment, Evaluation, Source, Timing, Verdict  # noqa: E402
from sandbox.gpu import gpu_named  # noqa: E402
from sandbox.metrics import CounterSource, NcuMetrics  # noqa: E402
from tasks.task import Task  # noqa: E402

ATTEMPTS = 10
KERNEL = "```python\n" + "# a line of a kernel of ordinary length\n" * 150 + "class ModelNew:\n    pass\n```"


class InstantModel:
    """Always the same kernel."""

    paid = True

    def check(self, task_id: str) -> None:
        """Every task can begin."""

    def complete(self, prompt, move) -> Reply:
        """Answer with 6 kB of code."""
        return Reply(KERNEL)


class InstantBench:
    """Every other candidate fails, every other one is correct, in times as many as a card would give."""

    def __init__(self) -> None:
        self.gpu = gpu_named("rtx4090")
        self.environment = Environment("cuda", self.gpu.device_names[0], "torch 2.13.0, triton 3.9.0, python 3.11.7")
        self._judged = 0

    def evaluate(self, task, candidate) -> Evaluation:
        """Say WRONG and CORRECT in turn."""
        self._judged += 1
        if self._judged % 2:
            return Evaluation(Verdict.WRONG, "max error 0.3 at [0, 1, 2, 3]", environment=self.environment)
        timing = Timing(tuple(1.0 + n / 1000 for n in range(200)), Source.MEASURED)
        return Evaluation(Verdict.CORRECT, timing=timing, eager=timing, environment=self.environment)

    def duel(self, task, incumbent, challenger) -> Duel:
        """Compare what is known."""
        return by_what_is_known(incumbent, challenger)

    def profile(self, task, candidate, counters) -> NcuMetrics:
        """All counters that were asked for."""
        return NcuMetrics({"kernel": dict.fromkeys(counters, 1.0)}, CounterSource.NCU)

    def close(self) -> None:
        """Nothing was started."""


def ms_per_attempt(count: int, home: Path, library: Library) -> tuple[float, float]:
    """Work through ``count`` tasks and return milliseconds an attempt, by the wall clock and of the processor."""
    bench = InstantBench()
    policy = staged.make(library.stages.values())
    source = (ROOT / "tasks" / "task.py").read_text()
    with Journal(home) as journal:
        start, cpu_start = time.perf_counter(), time.process_time()
        tasks = [Task(f"bench/task{number}", source) for number in range(count)]
        runs = [begin(journal, task, bench.environment, config="{}", batch="bench") for task in tasks]
        batch = Batch(journal, lambda _: policy, Budget(ATTEMPTS), Tools(InstantModel(), library, bench))
        results = batch.work(runs)
        passed, cpu = time.perf_counter() - start, time.process_time() - cpu_start
    made = sum(len(result.history.attempts) for result in results if isinstance(result, Finished))
    if made != count * ATTEMPTS:
        raise SystemExit(f"{made} attempts were made, not {count * ATTEMPTS}: {results[0]}")
    return passed * 1000 / made, cpu * 1000 / made


def best_of(repeats: int, count: int, library: Library) -> tuple[float, float]:
    """Measure in fresh folders and return the least of each."""
    measured: list[tuple[float, float]] = []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as home:
            measured.append(ms_per_attempt(count, Path(home), library))
    walls, cpus = zip(*measured, strict=True)
    return min(walls), min(cpus)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("counts", nargs="*", type=int, default=[10, 100, 1000], help="how many tasks (10 100 1000)")
    costs: list[float] = []
    counts = parser.parse_args().counts
    start, library = time.perf_counter(), Library()
    best_of(1, 1, library)
    print(f"set-up, once a process: {time.perf_counter() - start:.2f} s (imports, templates, a first task)")
    for count in counts:
        wall, cpu = best_of(max(1, 50 // count), count, library)
        costs.append(wall)
        print(f"{count:6} tasks x {ATTEMPTS} attempts: {wall:.2f} ms an attempt, {cpu:.2f} of them the processor's")
    print(f"ratio of {counts[-1]} tasks to {counts[0]}: {costs[-1] / costs[0]:.2f}")


if __name__ == "__main__":
    main()

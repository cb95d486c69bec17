"""What the judge costs and how right its clock is, on the card that is there.

``python bench/judge.py --out FOLDER`` measures three things and prints a short table of each: ``protocol`` (what the
protocol costs by itself), ``accuracy`` (our medians against the card's own events, and ten repeats of one evaluation),
``throughput`` (candidates an hour over the corpus, our judge and the plain harness in turns). All of it goes into
``judge.json`` in the folder. A goal that is not reached is printed as MISSED.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])

from bench import accuracy, throughput  # noqa: E402 (found by the line above)
from bench.entries import at_sizes, corpus, entrant  # noqa: E402 (likewise)
from bench.figures import table  # noqa: E402 (likewise)
from sandbox.bench import Bench  # noqa: E402
from sandbox.trial import open_bench  # noqa: E402
from sandbox.wire import MeasurePlan  # noqa: E402

PARTS = ("protocol", "accuracy", "throughput")
PROTOCOL = Path(__file__).parent / "protocol.py"
EXPECTED = {
    "null_round_trip_us": "1.3",
    "with_stop_and_continue_us": "2.3",
    "with_device_sync_us": "6",
    "box_minus_own_event_us": "13",
    "context_switch_us": "136",
    "copy_gb_per_s": "-",
}
"""What an H200 gave once."""


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for the JSON files")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to measure (all)")
    parser.add_argument("--entries", nargs="+", metavar="NAME", help="tasks of the corpus, or calibrated kernels (all)")
    parser.add_argument("--skip-plain", action="store_true", help="our judge alone, without the plain harness")
    parser.add_argument("--seconds", type=float, default=480, help="no further task begins after so long (480)")
    parser.add_argument("--place", default="cuda", choices=("cuda", "emulated"), help="emulated tries it out (cuda)")
    return parser.parse_args(given)


def protocol(told: argparse.Namespace) -> dict[str, float]:
    """Measure in a process of its own, so that this one never opens the card."""
    command = [sys.executable, str(PROTOCOL), *([] if told.place == "cuda" else ["--no-card"])]
    found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    rows = [[name, f"{value:.2f}", EXPECTED[name]] for name, value in found.items()]
    print(table(["protocol", "here", "H200 once"], rows), end="\n\n")
    return found


def start(bench: Bench) -> float:
    """Judge a small candidate, which starts the judge; gives seconds."""
    begin = time.perf_counter()
    tiny = at_sizes(str(accuracy.CALIBRATED / "tasks" / "chain.py"), {"elements": 1 << 20, "steps": 1})
    found = bench.evaluate(tiny, entrant(accuracy.CALIBRATED / "chain.py").candidate)
    if not found.correct:
        raise SystemExit(f"the first candidate is {found.verdict}: {found.message}")
    return time.perf_counter() - begin


def measured(bench: Bench, told: argparse.Namespace, until: float) -> dict[str, object]:
    """Measure what needs a bench, and print it."""
    found: dict[str, object] = {}
    if "throughput" in told.only:
        entries = [each for each in corpus() if not told.entries or each.name in told.entries]
        judged = throughput.take_turns(bench, entries, plain=not told.skip_plain, until=until)
        print(throughput.report(judged), end="\n\n")
        found["throughput"] = [asdict(each) | {"phases": each.phases} for each in judged]
    if "accuracy" in told.only:
        points = [each for each in accuracy.points() if not told.entries or each.name in told.entries]
        agreements = accuracy.agreements(bench, points, until)
        print(accuracy.report(agreements), end="\n\n")
        found["accuracy"] = [asdict(each) for each in agreements]
    return found


def main() -> None:
    """Measure, print, write."""
    told = arguments()
    until = time.monotonic() + told.seconds
    told.out.mkdir(parents=True, exist_ok=True)
    bench = open_bench(None, MeasurePlan(), place=told.place)
    environment = bench.environment
    print(
        f"{environment.gpu}, {environment.versions}, not kept from: {', '.join(environment.unprotected) or 'nothing'}"
    )
    found: dict[str, object] = {"protocol": protocol(told)} if "protocol" in told.only else {}
    try:
        if set(told.only) - {"protocol"}:
            seconds = start(bench)
            print(f"the judge's start and first candidate, once: {seconds:.1f} s\n")
            found |= {"start_s": seconds, **measured(bench, told, until)}
    finally:
        bench.close()
    whole = {"environment": asdict(environment), **found}
    (told.out / "judge.json").write_text(json.dumps(whole, indent=1))


if __name__ == "__main__":
    main()

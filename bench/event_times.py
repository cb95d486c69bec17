"""What the card's own events say of kernels, in one plain process: cold L2 cache, no judge.

Standard input is a JSON list of [reference file, candidate file, seconds]; one line with the medians in milliseconds
comes back for each.
"""

import json
import statistics
import sys
import time
from pathlib import Path
from types import ModuleType

import torch

IDLE_SHARE = 2
"""Rest after a run, in lengths of that run: the judge has other work between its own, and without a pause a card takes
its clock down."""
SCRAP_BYTES = 512 << 20
"""Zeroed before each run. So much takes longer than Python needs to launch: the launch is not in the event time."""
FEWEST, MOST = 30, 200


def event_median_ms(reference: ModuleType, candidate: ModuleType, seconds: float) -> tuple[float, int]:
    """Give the median of at least ``FEWEST`` runs on inputs drawn anew for each, and how many there were."""
    torch.manual_seed(1)
    model = candidate.ModelNew(*reference.get_init_inputs()).cuda()
    scrap = torch.empty(SCRAP_BYTES, dtype=torch.int8, device="cuda")
    with torch.device("cuda"):
        fixed = reference.get_inputs()
    model(*fixed)
    times: list[float] = []
    begin = time.monotonic()
    while len(times) < MOST and (len(times) < FEWEST or time.monotonic() - begin < seconds):
        with torch.device("cuda"):
            for mine, fresh in zip(fixed, reference.get_inputs(), strict=True):
                mine.copy_(fresh)
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        torch.cuda.synchronize()
        scrap.zero_()
        start.record()
        model(*fixed)
        end.record()
        torch.cuda.synchronize()
        times.append(start.elapsed_time(end))
        time.sleep(IDLE_SHARE * times[-1] / 1e3)
    return statistics.median(times), len(times)


def main() -> None:
    """Answer all that standard input asks for."""
    sys.path[0] = str(Path(__file__).parents[1])
    from bench.plain import loaded

    with torch.no_grad():
        for reference, candidate, seconds in json.load(sys.stdin):
            median_ms, count = event_median_ms(loaded(Path(reference)), loaded(Path(candidate)), seconds)
            print(json.dumps({"median_ms": median_ms, "runs": count}), flush=True)
            torch.cuda.empty_cache()


if __name__ == "__main__":
    main()

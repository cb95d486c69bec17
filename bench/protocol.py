"""What the judge's protocol costs by itself on this machine: a word, a signal, a sync, a context switch, the memory.

``python bench/protocol.py`` is one process with the card to itself; prints one JSON line of named numbers.
``--no-card`` measures the first two, which need none.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])

from bench.echo import DONE, EVENT_NS, RUN, WORDS_BYTES, words_of  # noqa: E402 (found by the line above)

ECHO = Path(__file__).parent / "echo.py"
ROUNDS, CARD_ROUNDS, COPIES = 5000, 500, 20
BUFFER_BYTES = 4 << 30
PATIENCE_S = 60.0


class Echo:
    """A child that answers, and the words that are shared with it."""

    def __init__(self, words: memoryview, process: subprocess.Popen[bytes]) -> None:
        self.words, self.process = words, process
        self._number = 1
        self._wait()

    def round_trip_us(self, *, stopped: bool = False) -> float:
        """Release once, out of a stop if wanted; gives microseconds until the answer."""
        if stopped:
            self.process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, self.process.pid, os.WSTOPPED)
        self._number += 1
        begin = time.perf_counter_ns()
        self.words[RUN] = self._number
        if stopped:
            self.process.send_signal(signal.SIGCONT)
        self._wait()
        return (time.perf_counter_ns() - begin) / 1e3

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while self.words[DONE] != self._number:
            if time.monotonic() > deadline:
                raise SystemExit(f"the other end gave no answer within {PATIENCE_S:g} s")

    @property
    def event_us(self) -> float:
        """What the card's events said of the last release's kernel."""
        return self.words[EVENT_NS] / 1e3


@contextmanager
def echo(act: str) -> Iterator[Echo]:
    """Start the other end, and end it."""
    descriptor = os.memfd_create("words")
    os.ftruncate(descriptor, WORDS_BYTES)
    words = words_of(descriptor)
    words[RUN] = 1
    process = subprocess.Popen([sys.executable, str(ECHO), str(descriptor), act], pass_fds=(descriptor,))
    try:
        yield Echo(words, process)
    finally:
        process.kill()
        process.wait()
        os.close(descriptor)


def median_us(rounds: int, once: Callable[[], float]) -> float:
    """Give the median of many, the first tenth left out."""
    return statistics.median([once() for _ in range(rounds)][rounds // 10 :])


def words_alone() -> dict[str, float]:
    """Measure the shared word, and the stop and continue around it."""
    with echo("nothing") as other:
        null = median_us(ROUNDS, other.round_trip_us)
        return {
            "null_round_trip_us": null,
            "with_stop_and_continue_us": median_us(ROUNDS // 5, lambda: other.round_trip_us(stopped=True)),
        }


def on_card() -> dict[str, float]:
    """Measure what the card adds: a sync, a kernel, a kernel after another process's, and the memory's speed."""
    import torch

    scrap = torch.empty(64 << 20, dtype=torch.uint8, device="cuda")
    with echo("sync") as other:
        sync = median_us(ROUNDS // 5, other.round_trip_us)
    with echo("kernel") as other:
        beside: list[float] = []

        def alone() -> float:
            box = other.round_trip_us()
            beside.append(box - other.event_us)
            return box

        def after_ours() -> float:
            scrap.zero_()
            torch.cuda.synchronize()
            return other.round_trip_us()

        kernel, switched = median_us(CARD_ROUNDS, alone), median_us(CARD_ROUNDS, after_ours)
    return {
        "with_device_sync_us": sync,
        "box_minus_own_event_us": statistics.median(beside),
        "context_switch_us": switched - kernel,
        "copy_gb_per_s": copy_gb_per_s(),
    }


def copy_gb_per_s() -> float:
    """Measure a copy within the card's memory; its reads and writes both count."""
    import torch

    source, target = (torch.empty(BUFFER_BYTES // 4, dtype=torch.float32, device="cuda").fill_(each) for each in (1, 2))
    times: list[float] = []
    for _ in range(COPIES):
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        target.copy_(source)
        end.record()
        torch.cuda.synchronize()
        times.append(start.elapsed_time(end))
    return 2 * BUFFER_BYTES / statistics.median(times) / 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--no-card", action="store_true", help="only what needs no card")
    told = parser.parse_args()
    print(json.dumps({**words_alone(), **({} if told.no_card else on_card())}))


if __name__ == "__main__":
    main()

"""The command line as its users start it, but judged by a fake that answers at once, for the tests of it.

``python cli_driver.py WORDS``. Where ``JUDGE_HANGS`` is set, a candidate whose text says ``hang`` is judged for ever;
the judge says so on stderr first.
"""

import os
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from fakes import FakeBench  # noqa: E402 (found by the line above)

from agent import workshop  # noqa: E402
from agent.cli import main  # noqa: E402
from sandbox.evaluation import Environment  # noqa: E402
from sandbox.gpu import gpu_named  # noqa: E402


class Judge(FakeBench):
    """Emulates a card that there is a file for."""

    def __init__(self):
        super().__init__(Environment("emulated", "rtx4090", "torch 2.13.0, triton 3.9.0, python 3.11.7", ("files",)))
        self.gpu = gpu_named("rtx4090")

    def evaluate(self, task, candidate):
        if "hang" in candidate.source and "JUDGE_HANGS" in os.environ:
            sys.stderr.write("JUDGING FOR EVER\n")
            signal.pause()
        if "bug" in candidate.source:
            raise ZeroDivisionError("a bug of ours")
        return super().evaluate(task, candidate)

    def close(self):
        sys.stderr.write("JUDGE CLOSED\n")


if __name__ == "__main__":
    workshop.open_judge = lambda config: Judge()
    main()

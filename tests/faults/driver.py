"""Works on one run as the command line would, and kills itself at a named point, for the tests beside this file.

``python driver.py HOME [POINT]``; a POINT is (before, inside, after)-(an event's kind, complete, evaluate, profile)-n,
for example ``inside-AttemptMade-2``: the n-th such call of this process, counted from 1. Prints the end as JSON.
"""

import json
import os
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from fakes import EMULATED, STAGES, TASK, FakeBench, FakeLibrary, kernel  # noqa: E402 (found by the line above)

from agent.archive import runs  # noqa: E402
from agent.budget import Budget  # noqa: E402
from agent.journal import Journal  # noqa: E402
from agent.llm import Reply, Usage  # noqa: E402
from agent.loop import optimize  # noqa: E402
from agent.policies import staged  # noqa: E402
from agent.run import Run, begin  # noqa: E402
from agent.tools import Tools  # noqa: E402
from sandbox.codec import encode  # noqa: E402

SCRIPT = {
    ("seed", 0): kernel(salt="seed"),
    ("repair", 0): "no code at all",
    ("repair", 1): kernel(9.0),
    ("grid", 0): kernel(5.0),
    ("tiling", 0): kernel(7.0),
    ("memory", 0): kernel(3.0),
}
"""Replies by stage, and by how often the stage was asked: one failure mended at the second try, then three stages."""


class Killer:
    """Counts named calls, and ends this process without a word at the one that it was told."""

    def __init__(self, point):
        self._point = point
        self._counts = {}

    def is_at(self, when, what):
        """Count one call, and say whether it is the one."""
        self._counts[when, what] = self._counts.get((when, what), 0) + 1
        return f"{when}-{what}-{self._counts[when, what]}" == self._point

    def at(self, when, what):
        """Count one call; die if it is the one."""
        if self.is_at(when, what):
            self.die()

    def die(self):
        """Leave no time to tidy up."""
        os.kill(os.getpid(), signal.SIGKILL)

    def around(self, what, call):
        """Wrap a call."""

        def wrapped(*args):
            self.at("before", what)
            result = call(*args)
            self.at("after", what)
            return result

        return wrapped


class FragileJournal(Journal):
    """Dies before, inside or after the writing of a row."""

    killer: Killer

    def append(self, run, task, event):
        name = type(event).__name__
        self.killer.at("before", name)
        if self.killer.is_at("inside", name):
            # A trigger runs when the row is written and its transaction is not yet committed.
            self._db.create_function("die", 0, self.killer.die)
            self._db.execute("CREATE TEMP TRIGGER fatal AFTER INSERT ON main.events BEGIN SELECT die(); END")
        entry = super().append(run, task, event)
        self.killer.at("after", name)
        return entry


class ScriptedModel:
    """Answers by the move, and writes down on the disk every question that really reached it."""

    paid = True

    def __init__(self, log):
        self._log = log

    def check(self, task_id):
        pass

    def complete(self, prompt, move):
        before = [line.split() for line in self._log.read_text().splitlines()] if self._log.exists() else []
        nth = len({key for key, stage in before if stage == move.stage and key != move.key})
        with self._log.open("a") as log:
            log.write(f"{move.key} {move.stage}\n")
            log.flush()
            os.fsync(log.fileno())
        return Reply(SCRIPT[move.stage, nth], usage=Usage(100, 10, 0.01))


def main(home, point):
    """Take up the only run of ``home``, or begin it."""
    killer = Killer(point)
    model, bench = ScriptedModel(home / "asked.log"), FakeBench()
    model.complete = killer.around("complete", model.complete)
    bench.evaluate = killer.around("evaluate", bench.evaluate)
    bench.profile = killer.around("profile", bench.profile)
    FragileJournal.killer = killer
    with FragileJournal(home) as journal:
        known = runs(journal)
        run = known[0].id if known else begin(journal, TASK, EMULATED, config="{}")
        with Run(journal, run) as opened:
            history = optimize(opened, staged.make(STAGES), Budget(attempts=6), Tools(model, FakeLibrary(), bench))
    end = {"attempts": [encode(a) for a in history.attempts], "best": history.best.number, "ended": history.ended}
    sys.stdout.write(json.dumps({**end, "possibly_paid": history.possibly_paid}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")

"""Takes runs up at the command line: shows them, keeps their best kernels, and says how to go on when they stop."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

from agent import json_lines, progress, report
from agent.archive import histories
from agent.batch import Batch, Failed, Result, Waiting
from agent.config import RunConfig
from agent.events import AttemptMade, Event
from agent.halt import FAULTS, Code, Halt, told
from agent.history import History
from agent.journal import Journal
from agent.kernels import keep_best
from agent.leaderboard import board_of, boards
from agent.llm import Llm, ReplyPending
from agent.loop import optimize
from agent.run import Listener, Run
from agent.shell import Shell
from agent.workshop import Workshop


class Session:
    """Runs of one configuration in one journal."""

    def __init__(self, shell: Shell, config: RunConfig, journal: Journal, *, again: str = "") -> None:
        """``again`` says in words what goes on with a run that stops; empty stands for ``resume``."""
        self._shell, self._config, self._journal, self._again = shell, config, journal, again
        self._objects = progress.Objects(self._kernel)

    def one(self, run: str, shop: Workshop) -> Code:
        """Work on a run to its end and print it; raises Halt where it stops before."""
        with (
            self._halting(run),
            self._watched(1, lambda _: run) as listener,
            Run(self._journal, run, listener) as opened,
        ):
            policy = shop.policy_for(opened.history.task.id)
            history = optimize(opened, policy, self._config.budget, shop.tools)
        code = self.ended(run, history)
        self.notices(shop.tools.llm)
        return code

    def many(self, runs: Mapping[str, str], batch: str, shop: Workshop, refused: Mapping[str, str]) -> Code:
        """Work on the runs of a batch, given by task id, and print what came of them; raises Halt where they stop.

        ``refused`` gives the reason of each task that could not even begin.
        """
        code = self.batch_ended(self.work(runs, batch, shop), batch, refused)
        self.notices(shop.tools.llm)
        return code

    def work(self, runs: Mapping[str, str], batch: str, shop: Workshop) -> dict[str, Result]:
        """Take up the runs of a batch, given by task id, and return how each stands; raises Halt where they stop."""
        with self._halting(batch), self._watched(len(runs), lambda history: runs[history.task.id]) as listener:
            work = Batch(self._journal, shop.policy_for, self._config.budget, shop.tools, listener)
            return {result.run: result for result in work.work(list(runs.values()))}

    def ended(self, run: str, history: History) -> Code:
        """Print the end of a run and say what it comes to."""
        kernel = keep_best(self._journal.home, run, history)
        if self._shell.json:
            self._objects.end(run, history)
        else:
            standing = [board for board in boards(histories(self._journal)) if board.key == board_of(history)]
            report.ending(self._shell.results, run, history, kernel, standing[0] if standing else None)
        return Code.DONE if history.best else Code.NOTHING_CORRECT

    def batch_ended(self, results: Mapping[str, Result], batch: str, refused: Mapping[str, str]) -> Code:
        """Print the end of a batch and say what it comes to; raises Halt where it waits or all of it failed."""
        found = {run: histories(self._journal, run)[run] for run in results}
        for run, history in found.items():
            keep_best(self._journal.home, run, history)
        self._print_batch(results, found, refused)
        waiting = [result for result in results.values() if isinstance(result, Waiting)]
        failed = [result.message for result in results.values() if isinstance(result, Failed)]
        if waiting:
            line = f"{len(waiting)} of {len(results)} tasks wait for answers, the first: {waiting[0].message}"
            raise self._halt(Code.WAITING, line, batch)
        if failed and len(failed) == len(results):
            raise self._halt(Code.WRONG_USE, f"all {len(failed)} tasks failed, the first: {failed[0]}", batch)
        done = not refused and not failed and all(history.best for history in found.values())
        return Code.DONE if done else Code.NOTHING_CORRECT

    def _print_batch(
        self, results: Mapping[str, Result], found: Mapping[str, History], refused: Mapping[str, str]
    ) -> None:
        if not self._shell.json:
            report.summary(self._shell.results, results, found, refused)
            self._shell.results.print(f"kernels: {self._journal.home / 'kernels'}", soft_wrap=True, markup=False)
            return
        for run, result in results.items():
            if isinstance(result, Waiting | Failed):
                self._objects.stopped(run, found[run], type(result).__name__.lower(), result.message)
            else:
                self._objects.end(run, found[run])
        for task, reason in refused.items():
            self._shell.write(json_lines.line({"event": "failed", "run": None, "task": task, "message": reason}))

    @contextmanager
    def _watched(self, tasks: int, run_of: Callable[[History], str]) -> Generator[Listener]:
        """Show what happens, and keep each new best before it is shown."""
        with self._watcher(tasks) as watcher:

            def listener(event: Event, history: History) -> None:
                if isinstance(event, AttemptMade) and event.attempt == history.best:
                    keep_best(self._journal.home, run_of(history), history)
                watcher(run_of(history), event, history)

            yield listener

    @contextmanager
    def _watcher(self, tasks: int) -> Generator[progress.Watcher]:
        if self._shell.json:
            yield self._objects
        elif self._shell.progress.is_terminal:
            with progress.displayed(self._shell.progress, self._config.budget, tasks) as display:
                yield display
        else:
            yield progress.Lines(self._shell.progress, self._config.budget)

    @contextmanager
    def _halting(self, run: str) -> Generator[None]:
        """Turn what stops a run before its end into one line that says how to go on."""
        try:
            yield
        except KeyboardInterrupt as stop:
            raise self._halt(Code.INTERRUPTED, "stopped, nothing is lost", run) from stop
        except ReplyPending as pending:
            if self._shell.json:
                self._shell.write(json_lines.line({"event": "waiting", "run": run, "message": str(pending)}))
            raise self._halt(Code.WAITING, told(pending), run) from pending
        except BrokenPipeError:
            raise
        except FAULTS as fault:
            raise self._halt(Code.WRONG_USE, told(fault), run) from fault

    def _halt(self, code: Code, line: str, run: str) -> Halt:
        return Halt(code, f"{line}; go on with: {self._again or self._shell.command('resume', run)}")

    def _kernel(self, run: str, history: History) -> str | None:
        file = keep_best(self._journal.home, run, history)
        return str(file) if file else None

    def notices(self, llm: Llm) -> None:
        """Print what a person should know about the answers."""
        for notice in llm.notices:
            self._shell.progress.print(f"note: {notice}", markup=False, soft_wrap=True)

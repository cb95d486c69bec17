"""One card with its judge: replaced when it dies or its card is unwell; put aside when that does not help."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from sandbox.evaluation import SandboxError
from sandbox.wire import Job, Report

_MOST_FAILURES = 2


class PutAsideError(SandboxError):
    """A card failed twice and gets no more work; the message names it."""


class Judging(Protocol):
    """A judge's process, as ``JudgeProcess`` is one."""

    def greet(self) -> str:
        """Wait until it is there; gives what is wrong with its card, or nothing."""
        ...

    def hint(self, job: Job) -> None:
        """Send a job that is not answered."""
        ...

    def answer(self, job: Job) -> Report:
        """Send a job and wait for its report; raises SandboxError."""
        ...

    def kill(self) -> None:
        """End it and all that it started."""
        ...


class Station:
    """Answers jobs one after another. Not for several threads at a time."""

    def __init__(self, card: str, start: Callable[[], Judging]) -> None:
        """Start nothing: the first job does; ``card`` names the card in messages."""
        self._card, self._start = card, start
        self._judge: Judging | None = None
        self._failures = 0
        self.put_aside = ""
        """Why it gets no more work; empty while it does."""
        self._hinted = list[Job]()

    def expects(self, job: Job) -> bool:
        """Whether it was told that this job would come."""
        return replace(job, prepare=True) in self._hinted

    def hint(self, job: Job) -> None:
        """Pass on that this job will come; raises SandboxError where no judge can be started."""
        self._judge = self._judge or self._start()
        self._hinted.append(job)
        self._judge.hint(job)

    def answer(self, job: Job) -> Report:
        """Give the report of a judge whose card was well before the job, and after it if a second try helps.

        Raises PutAsideError where the card is not, and SandboxError where the judge dies.
        """
        self._hinted = [each for each in self._hinted if each != replace(job, prepare=True)]
        try:
            report = self._well().answer(job)
            if report.unwell:
                self._failures += 1
                self.close()
                report = self._well().answer(job)
            if report.unwell:  # twice, and well in between: this candidate does it
                self.close()
                return _with_note(report)
        except BaseException:  # also Ctrl-C: its answer to this job would be taken for the next one's
            self.close()
            raise
        return report

    def _well(self) -> Judging:
        """Give the judge; a fresh one whose card is well where there is none."""
        while True:
            self._judge = self._judge or self._start()
            if not (unwell := self._judge.greet()):
                self._failures = 0
                return self._judge
            self.close()
            self._failures += 1
            if self._failures >= _MOST_FAILURES:
                self.put_aside = f"card {self._card} failed twice and is put aside: {unwell}"
                raise PutAsideError(self.put_aside)

    def close(self) -> None:
        """Kill its judge with all that it holds."""
        self._hinted.clear()
        if self._judge:
            self._judge.kill()
            self._judge = None


def _with_note(report: Report) -> Report:
    if report.evaluation is None:
        return report
    notes = (*report.evaluation.notes, f"the card was unwell afterwards: {report.unwell}")
    return replace(report, evaluation=replace(report.evaluation, notes=notes))

"""The judge's process as the controller holds it: its pipes, its log and its end."""

import fcntl
import json
import os
import select
import time
from collections.abc import Callable
from contextlib import suppress

from sandbox.codec import decode, encode
from sandbox.devices import Place, memory_bytes
from sandbox.evaluation import Environment, SandboxError
from sandbox.labels import MOST_REMOVED
from sandbox.ladder import WEIGHT_SETS, steps
from sandbox.leashed import Box, Child, module_command
from sandbox.wire import Job, MeasurePlan, Report

_PIPE_BYTES = 1 << 20
_START_S = 300.0
"""Longest that a judge may take to import and to look at its card."""


class JudgeProcess:
    """One judge, its pipes and its log."""

    def __init__(
        self, place: Place, environment: Environment, notice: Callable[[str], None], card: str | None = None
    ) -> None:
        """Start it, on the ``card`` of this UUID or the first; ``notice`` hears why it waits. Raises SandboxError."""
        jobs, self._jobs = os.pipe()
        self._reports, reports = os.pipe()
        with suppress(PermissionError):  # so that a hint with a long source need not wait until it is read
            fcntl.fcntl(self._jobs, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._notice, self._pending = notice, b""
        self._greeting: Report | None = None
        told = (place.kind.value, place.gpu.id, json.dumps(encode(environment)), str(reports))
        # A reference that asks for more than there is gets an error, not the whole machine killed.
        box = Box(
            environment={"CUDA_VISIBLE_DEVICES": card} if card else {},
            address_space=0 if place.on_card else memory_bytes() + (8 << 30),
        )
        try:
            self._child = Child(module_command("sandbox.judge", *told), box, fds=(reports,), stdin=jobs)
        finally:
            os.close(jobs)
            os.close(reports)

    def greet(self) -> str:
        """Wait until it is there; gives what is wrong with its card, or nothing. Raises SandboxError."""
        if self._greeting is None:
            self._greeting = self._read(_START_S)
        return self._greeting.unwell

    def hint(self, job: Job) -> None:
        """Send a job that is not answered. One that is dead says so at the next answer."""
        with suppress(BrokenPipeError):
            self._write(job)

    def answer(self, job: Job) -> Report:
        """Send one job and wait for its report; raises SandboxError where the judge died or takes too long."""
        self.greet()
        try:
            self._write(job)
        except BrokenPipeError:
            raise self._death() from None
        return self._read(_patience_s(job.plan))

    def _write(self, job: Job) -> None:
        message = json.dumps(encode(job)).encode() + b"\n"
        while message:
            message = message[os.write(self._jobs, message) :]

    def _read(self, patience_s: float) -> Report:
        while True:
            report: Report = decode(Report, json.loads(self._line(time.monotonic() + patience_s, patience_s)))
            if not report.notice:
                return report
            self._notice(report.notice)

    def _line(self, deadline: float, patience_s: float) -> bytes:
        while b"\n" not in self._pending:
            ready, _, _ = select.select([self._reports], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise SandboxError(f"the judge gave no report within {patience_s:.0f} s")
            chunk = os.read(self._reports, 1 << 16)
            if not chunk:
                raise self._death()
            self._pending += chunk
        line, _, self._pending = self._pending.partition(b"\n")
        return line

    def _death(self) -> SandboxError:
        status = self._child.kill()
        self._child.check_held()
        tail = " ".join(self._child.tail.split())[-600:]
        return SandboxError(f"the judge's process ended with status {status}: {tail or 'it said nothing'}")

    def kill(self) -> None:
        """End it and all that it started."""
        self._child.kill()
        for each in (self._jobs, self._reports):
            os.close(each)


def _patience_s(plan: MeasurePlan) -> float:
    """Give the longest that an honest trial takes: null candidate, eager twice, a duel, labels, every deadline.

    Twice the candidate: what goes wrong in company is tried again alone.
    """
    calls = len(steps(plan.tier, on_card=True)) + WEIGHT_SETS
    trial = 8 * (plan.build_timeout_s + plan.max_seconds) + 6 * calls * plan.run_timeout_s + 300
    compiled = len(plan.compiled) * (2 * plan.compile_timeout_s + plan.max_seconds)
    labels = plan.labels * (MOST_REMOVED + 1) * 2 * (plan.build_timeout_s + plan.run_timeout_s)
    return trial + compiled + labels

"""The judge's process as the controller holds it: its pipes, its log and its end."""

import json
import os
import select
import time

from sandbox.codec import decode, encode
from sandbox.devices import Place, memory_bytes
from sandbox.evaluation import Environment, SandboxError
from sandbox.labels import MOST_REMOVED
from sandbox.ladder import WEIGHT_SETS, steps
from sandbox.leashed import Box, Child, module_command
from sandbox.wire import Job, MeasurePlan, Report


class JudgeProcess:
    """One judge, its pipes and its log."""

    def __init__(self, place: Place, environment: Environment) -> None:
        """Start it; raises SandboxError."""
        jobs, self._jobs = os.pipe()
        self._reports, reports = os.pipe()
        told = (place.kind.value, place.gpu.id, json.dumps(encode(environment)), str(reports))
        # A reference that asks for more than there is gets an error, not the whole machine killed.
        box = Box(address_space=0 if place.on_card else memory_bytes() + (8 << 30))
        try:
            self._child = Child(module_command("sandbox.judge", *told), box, fds=(reports,), stdin=jobs)
        finally:
            os.close(jobs)
            os.close(reports)
        self._pending = b""

    def answer(self, job: Job) -> Report:
        """Send one job and wait for its report; raises SandboxError where the judge died or takes too long."""
        deadline = time.monotonic() + _patience_s(job.plan)
        message = json.dumps(encode(job)).encode() + b"\n"
        try:
            while message:
                message = message[os.write(self._jobs, message) :]
        except BrokenPipeError:
            raise self._death() from None
        while b"\n" not in self._pending:
            ready, _, _ = select.select([self._reports], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise SandboxError(f"the judge gave no report within {_patience_s(job.plan):.0f} s")
            chunk = os.read(self._reports, 1 << 16)
            if not chunk:
                raise self._death()
            self._pending += chunk
        line, _, self._pending = self._pending.partition(b"\n")
        return decode(Report, json.loads(line))

    def _death(self) -> SandboxError:
        status = self._child.kill()
        tail = " ".join(self._child.tail.split())[-600:]
        return SandboxError(f"the judge's process ended with status {status}: {tail or 'it said nothing'}")

    def kill(self) -> None:
        """End it and all that it started."""
        self._child.kill()
        for each in (self._jobs, self._reports):
            os.close(each)


def _patience_s(plan: MeasurePlan) -> float:
    """Give the longest that an honest trial takes: null candidate, eager twice, a duel, labels, every deadline."""
    calls = len(steps(plan.tier, on_card=True)) + WEIGHT_SETS
    trial = 7 * (plan.build_timeout_s + plan.max_seconds) + 4 * calls * plan.run_timeout_s + 300
    compiled = len(plan.compiled) * (2 * plan.compile_timeout_s + plan.max_seconds)
    labels = plan.labels * (MOST_REMOVED + 1) * 2 * (plan.build_timeout_s + plan.run_timeout_s)
    return trial + compiled + labels

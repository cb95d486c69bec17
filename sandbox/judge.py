"""The judge's process: one JSON line with a Job in, one with a Report out, until its input ends."""

import ctypes
import json
import os
import select
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace

import torch

from sandbox import cores, nvml
from sandbox.card_lock import CardLock, NoLock
from sandbox.child import libraries
from sandbox.child.card import CardError
from sandbox.codec import decode, encode
from sandbox.devices import Place, PlaceKind
from sandbox.evaluation import Environment, SandboxError
from sandbox.gpu import gpu_named
from sandbox.health import CardProbe, NoCard, strangers
from sandbox.judging import Judge
from sandbox.wire import Job, Report
from tasks.task import TaskError

PR_SET_DUMPABLE = 4
_REST_S = 0.05
"""Pause between two looks at a candidate that is built while no job is there."""


def main() -> None:
    """Answer jobs; arguments: place, GPU id, environment as JSON, descriptor for the reports."""
    libraries.keep()
    kind, gpu_id, environment, reply = sys.argv[1:5]
    # No other process of this user's may look into this memory.
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    place = Place(PlaceKind(kind), gpu_named(gpu_id))
    if place.on_card:
        cores.keep_to()
    with os.fdopen(int(reply), "wb", buffering=0) as reports:

        def send(report: Report) -> None:
            reports.write(json.dumps(encode(report)).encode() + b"\n")

        card = nvml.uuid() if place.on_card else None
        lock = CardLock(card, lambda words: send(Report(notice=words))) if card else NoLock()
        lock.acquire()
        try:
            notes = strangers(place)
            judge = Judge(
                place, decode(Environment, json.loads(environment)), CardProbe() if place.on_card else NoCard(), notes
            )
        except RuntimeError as error:  # torch's own class for what the driver says
            send(Report(unwell=" ".join(str(error).split())[:300]))
            return
        lock.release()
        send(Report())
        _Desk(judge, lock, send).serve()


class _Desk:
    """Takes one job after another; the card is ours while a candidate of ours does anything."""

    def __init__(self, judge: Judge, lock: CardLock | NoLock, send: Callable[[Report], None]) -> None:
        self._judge, self._lock, self._send = judge, lock, send

    def serve(self) -> None:
        for line in self._lines():
            job = decode(Job, json.loads(line))
            if job.prepare:
                self._judge.prepare(job, at_once=self._lock.try_acquire())
                continue
            self._lock.acquire()
            if not job.counters:  # a profiler wants the card to itself
                self._judge.prepared.go_on()
            report = _answer(self._judge, job)
            report = replace(report, unwell=self._judge.unwell())
            # Let go each time, also with one half built: another process's turn may have come.
            self._lock.release()
            self._send(report)

    def _lines(self) -> Iterator[bytes]:
        pending = b""
        while True:
            while b"\n" not in pending:
                if not select.select([sys.stdin], [], [], _REST_S if self._busy() else None)[0]:
                    self._rest()
                elif chunk := os.read(sys.stdin.fileno(), 1 << 16):
                    pending += chunk
                else:
                    return
            line, _, pending = pending.partition(b"\n")
            yield line

    def _busy(self) -> bool:
        return self._lock.held or self._judge.prepared.under_way

    def _rest(self) -> None:
        """Nothing is asked: let what is built ahead go on while nobody else wants the card."""
        if not self._judge.prepared.under_way:
            self._judge.prepared.pause()
            self._lock.release()
        elif self._lock.try_acquire():
            self._judge.prepared.go_on()


def _answer(judge: Judge, job: Job) -> Report:
    try:
        if job.lint:
            return Report(findings=judge.lint(job.task))
        if job.counters:
            return Report(metrics=judge.profile(job))
        if job.against:
            return Report(duel=judge.duel(job, job.against))
        return Report(evaluation=judge.evaluate(job))
    except (TaskError, SandboxError) as error:
        return Report(fault=str(error))
    except CardError as error:
        return Report(fault=f"{job.task.id}: the card gave no memory that can be shared: {error}")
    except (torch.OutOfMemoryError, MemoryError) as error:
        where = "the card" if isinstance(error, torch.OutOfMemoryError) else "this machine"
        return Report(fault=f"{job.task.id}: the reference needs more memory than {where} has")


if __name__ == "__main__":
    try:
        main()
    except Exception:  # noqa: BLE001 - whatever it is, it stands last: libraries that are torn down have much to say
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)

"""Asks a child one question: it cannot outlive us, its deadline or its output limit."""

import os
import select
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.boxed import boxed
from sandbox.isolation import strongest
from sandbox.leashed import Child, module_command


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child that answers once came to its end."""

    reply: bytes
    """What it wrote to the descriptor that its last argument names, at most the limit."""
    status: int
    """Exit code, or minus the number of the signal that ended it."""
    tail: str
    timed_out: bool


def run(
    module: str, message: bytes, *, timeout_s: float, reply_limit: int = 1 << 20, environment: Mapping[str, str]
) -> Ended:
    """Run a module of ours beside untrusted code: ``message`` on its stdin, an answer on the descriptor in ``argv[1]``.

    It is isolated as a candidate is, and dead with all it started when this returns. Raises SandboxError where no
    process can be started, or held.
    """
    answer, write_end = os.pipe()
    box = boxed(strongest(), environment, on_card=False)
    with tempfile.TemporaryFile() as stdin:
        stdin.write(message)
        stdin.seek(0)
        child = Child(module_command(module, str(write_end)), box, fds=(write_end,), stdin=stdin.fileno())
    os.close(write_end)
    try:
        reply, timed_out = _read(answer, reply_limit, time.monotonic() + timeout_s)
        child.wait(0 if timed_out else 2.0)
    finally:
        os.close(answer)
        status = child.kill()
    child.check_held()
    return Ended(reply, status, child.tail, timed_out)


def _read(descriptor: int, limit: int, deadline: float) -> tuple[bytes, bool]:
    reply = bytearray()
    while len(reply) < limit:
        ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return bytes(reply), True
        chunk = os.read(descriptor, min(1 << 16, limit - len(reply)))
        if not chunk:
            break
        reply += chunk
    return bytes(reply), False

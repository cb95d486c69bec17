"""Starts children that cannot outlive us, their deadline or their output limit."""

import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.evaluation import SandboxError
from sandbox.isolation import FILE_BYTES, NONE, Isolation, host_memory_bytes, scrubbed, strongest

LEASH = Path(__file__).with_name("leash.py")
ROOT = str(LEASH.parent.parent)
_BOOT = (
    "import sys, runpy; sys.path.insert(0, sys.argv.pop(1)); module = sys.argv.pop(1); "
    "runpy.run_module(module, run_name='__main__', alter_sys=True)"
)
TAIL_BYTES, OUTPUT_BYTES = 16 << 10, 64 << 20
"""How much of a child's output is kept, and after how much it is killed."""


def module_command(module: str, *arguments: str) -> list[str]:
    """Give ``python -I -m module``, also where our packages are not installed but only lie in a folder."""
    return [sys.executable, "-I", "-c", _BOOT, ROOT, module, *arguments]


@dataclass(frozen=True, slots=True)
class Box:
    """What a child gets and may not pass."""

    isolation: Isolation = NONE
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    """Added to the scrubbed environment."""
    address_space: int = 0
    """Bytes of RLIMIT_AS; 0 is none. CUDA reserves address space freely, so none there."""
    file_bytes: int = 0
    """Bytes of RLIMIT_FSIZE; 0 is none."""


class Child:
    """One command in a scratch folder of its own, with everything that it starts."""

    def __init__(self, command: Sequence[str], box: Box, *, fds: Sequence[int] = (), stdin: int | None = None) -> None:
        """Start it; ``fds`` are inherited by number, ``stdin`` is a descriptor or nothing. Raises SandboxError."""
        self.scratch = Path(tempfile.mkdtemp(prefix="kernelwright-"))
        self.flooded = False
        self._tail = bytearray()
        self._status = 0
        self.group = 0
        """Process group of the command."""
        leash, self._leash = os.pipe()
        self._report, report = os.pipe()
        limits = [str(self.scratch), str(box.address_space), str(box.file_bytes)]
        held = [
            sys.executable,
            "-I",
            "-S",
            str(LEASH),
            str(leash),
            str(report),
            *limits,
            *box.isolation.prefix,
            *command,
        ]
        try:
            self._process = subprocess.Popen(
                held,
                stdin=subprocess.DEVNULL if stdin is None else stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=self.scratch,
                env=scrubbed(self.scratch, box.environment),
                pass_fds=(leash, report, *fds),
                start_new_session=True,
            )
        except OSError as error:
            raise SandboxError(f"no child process could be started: {error}") from error
        finally:
            os.close(leash)
            os.close(report)
        self._drain = threading.Thread(target=self._drain_output, daemon=True)
        self._drain.start()
        self.group = int(self._report_line() or 0)

    def _report_line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n") and (byte := os.read(self._report, 1)):
            line += byte
        return line

    def _drain_output(self) -> None:
        assert self._process.stdout
        total = 0
        while chunk := os.read(self._process.stdout.fileno(), 1 << 16):
            total += len(chunk)
            self._tail = (self._tail + chunk)[-TAIL_BYTES:]
            if total > OUTPUT_BYTES:
                self.flooded = True
                self.signal(signal.SIGKILL)

    def signal(self, number: int) -> None:
        """Send a signal to the command's group; one that is gone is no error."""
        if self.group:
            with suppress(ProcessLookupError):
                os.killpg(self.group, number)

    @property
    def alive(self) -> bool:
        """Whether the command, or anything that it left behind and that is still being killed, is there."""
        return self._process.poll() is None

    @property
    def tail(self) -> str:
        """End of what it printed so far; all of it there is once it has ended."""
        if not self.alive:
            self._drain.join(timeout=5)
        return bytes(self._tail).decode(errors="replace").strip()

    def wait(self, timeout_s: float | None) -> bool:
        """Wait for its own end; False where it is still there after ``timeout_s``."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout_s)
        return not self.alive

    def kill(self) -> int:
        """End it with all its descendants and return its wait status: an exit code, or minus a signal's number."""
        if self._leash >= 0:
            os.close(self._leash)
            self._leash = -1
            self._process.wait()
            self._drain.join(timeout=5)
            self._status = os.waitstatus_to_exitcode(int(self._report_line() or 127 << 8))
            os.close(self._report)
            assert self._process.stdout
            self._process.stdout.close()
        return self._status


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
    process can be started.
    """
    answer, write_end = os.pipe()
    box = Box(strongest(), environment, host_memory_bytes(), FILE_BYTES)
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

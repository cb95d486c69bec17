"""A child process that cannot outlive us or flood us, with all that it starts."""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.evaluation import SandboxError
from sandbox.isolation import NONE, Isolation, handed_over

LEASH = Path(__file__).with_name("leash.py")
ROOT = str(LEASH.parent.parent)
_BOOT = (
    "import gc, sys, runpy; gc.disable(); sys.path.insert(0, sys.argv.pop(1)); module = sys.argv.pop(1); "
    "runpy.run_module(module, run_name='__main__', alter_sys=True)"
)
_UNKNOWN = 127
"""Status of a command of which nothing is known; a shell's word for one that could not be started."""
_PIPE_BYTES = 1 << 20
TAIL_BYTES, OUTPUT_BYTES = 16 << 10, 64 << 20
"""How much of a child's output is kept, and after how much it is killed."""


def module_command(module: str, *arguments: str) -> list[str]:
    """Give ``python -I -m module``, also where our packages are not installed but only lie in a folder.

    Python's collector is off until the module has imported what it needs (``sandbox.child.libraries.keep``).
    """
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
    memory_bytes: int = 0
    """What all its processes may hold of this machine's memory; 0 is no limit, also for the next one."""
    tasks: int = 0
    """How many threads they may have, all together."""


class Child:
    """One command in a scratch folder of its own, with everything that it starts."""

    def __init__(self, command: Sequence[str], box: Box, *, fds: Sequence[int] = (), stdin: int | None = None) -> None:
        """Start it; ``fds`` are inherited by number, ``stdin`` is a descriptor or nothing. Raises SandboxError."""
        self.scratch = Path(tempfile.mkdtemp(prefix="kernelwright-"))
        self.flooded = False
        self._tail = bytearray()
        self._status = 0
        self._failure = ""
        self.group = 0
        """Process group of the command."""
        leash, self._leash = os.pipe()
        self._report, report = os.pipe()
        limits = [str(each) for each in (box.address_space, box.file_bytes, box.memory_bytes, box.tasks)]
        self._boxed = bool(box.isolation.prefix)
        held = [
            sys.executable,
            "-I",
            "-S",
            str(LEASH),
            str(leash),
            str(report),
            str(self.scratch),
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
                env=handed_over(box.isolation, self.scratch, box.environment),
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
        self.group = self._reported() or 0

    def _reported(self) -> int | None:
        """Give the next number of the process above the command; None where it says why there is none, or nothing."""
        line = b""
        while not line.endswith(b"\n") and (byte := os.read(self._report, 1)):
            line += byte
        if line.strip().isdigit():
            return int(line)
        self._failure = self._failure or line.decode(errors="replace").strip()
        return None

    def _drain_output(self) -> None:
        assert self._process.stdout
        output, total = self._process.stdout.fileno(), 0
        # Each read waits for its turn beside a thread that spins on a clock: few large ones, then.
        with suppress(OSError):  # the user's share of pipes is used up
            fcntl.fcntl(output, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        while chunk := os.read(output, _PIPE_BYTES):
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
    def leash(self) -> int:
        """Pid of the process above the command and all that it starts."""
        return self._process.pid

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
            status = self._reported()
            self._status = _UNKNOWN if status is None else os.waitstatus_to_exitcode(status)
            if self._boxed and 128 < self._status <= 128 + signal.SIGRTMAX:
                self._status = 128 - self._status  # a box's first process tells signals as shells do
            os.close(self._report)
            assert self._process.stdout
            self._process.stdout.close()
        return self._status

    def check_held(self) -> None:
        """Raise SandboxError where what should have held it says that it failed; ask before its end is a verdict."""
        if self._failure:
            raise SandboxError(f"a child process was not held: {self._failure}")

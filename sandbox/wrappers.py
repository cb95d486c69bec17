"""Command lines that put a box around what follows them: bubblewrap's, util-linux's, and the loss of all privileges."""

import json
import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

from sandbox.visible import SCRATCH, View

NOBODY = 65534
"""The user that a candidate is, where we may choose."""
SCRATCH_BYTES, SHARED_BYTES = 2 << 30, 256 << 20
"""All that a box's /tmp and its /dev/shm may hold."""

_WALLS = Path(__file__).with_name("walls.py")
_COUNTERS = "+perfmon"


def bubblewrap(view: View, *, own_users: bool, own_pids: bool) -> tuple[str, ...]:
    """Give bwrap's command line; empty where there is none.

    No ``--new-session``: the judge stops a whole process group at once, and its warden has left the terminal's session.
    """
    program = shutil.which("bwrap")
    if program is None:
        return ()
    users = ("--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY), "--cap-drop", "ALL") if own_users else ()
    pids = ("--unshare-pid",) if own_pids else ()
    proc = ("--proc", "/proc") if own_pids else ("--ro-bind", "/proc", "/proc")
    spaces = "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--die-with-parent"
    files = [*_in_memory(SCRATCH, SCRATCH_BYTES)]
    for name, target in view.links:
        files += ["--symlink", target, name]
    for name in view.parents:
        files += ["--perms", "0755", "--dir", name]
    for name in view.read_only:
        files += ["--ro-bind", name, name]
    files += [*proc, "--dev", "/dev"]
    for name in view.devices:
        files += ["--dev-bind", name, name]
    files += [*_in_memory("/dev/shm", SHARED_BYTES), "--remount-ro", "/dev", "--remount-ro", "/"]  # noqa: S108
    return (program, *users, *pids, *spaces, *files, "--chdir", SCRATCH, "--")


def _in_memory(name: str, size: int) -> tuple[str, ...]:
    return "--perms", "1777", "--size", str(size), "--tmpfs", name


def util_linux(view: View, *, own_users: bool, own_pids: bool) -> tuple[str, ...]:
    """Give unshare's command line, with our own walls behind it; empty where there is no unshare."""
    program = shutil.which("unshare")
    if program is None:
        return ()
    plan = {**asdict(view), "own_pids": own_pids, "tmp_bytes": SCRATCH_BYTES, "shm_bytes": SHARED_BYTES}
    users = ("--user", "--map-root-user") if own_users else ()
    pids = ("--pid", "--fork", "--kill-child") if own_pids else ()
    walls = (sys.executable, "-I", "-S", str(_WALLS), json.dumps(plan))
    return (program, *users, *pids, "--mount", "--net", "--ipc", "--uts", "--", *walls)


def own_network(*, own_users: bool) -> tuple[str, ...]:
    """Give unshare's command line for a network namespace and nothing else; empty where there is no unshare."""
    program = shutil.which("unshare")
    users = ("--user", "--map-root-user") if own_users else ()
    return (program, *users, "--net", "--") if program else ()


def unprivileged(*, as_nobody: bool, counters: bool = False) -> tuple[str, ...]:
    """Give setpriv's command line: no capability and no way to one; empty where there is no setpriv.

    ``as_nobody`` changes the user too, which needs a real root. ``counters`` leaves it the one capability by which the
    card's driver lets a profiler read counters.
    """
    program = shutil.which("setpriv")
    if program is None or (as_nobody and os.geteuid()):
        return ()
    kept = f"-all,{_COUNTERS}" if counters else "-all"
    user = (f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups") if as_nobody else ()
    capabilities = f"--inh-caps={kept}", f"--ambient-caps={kept}", f"--bounding-set={kept}"
    return (program, *user, *capabilities, "--no-new-privs", "--")

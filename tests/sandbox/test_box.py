"""The box, tried from inside on every rung: what is not there cannot be read, written, reached, signalled or filled."""

import os
import secrets
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from rungs import FILTERED, PYTHON, box_of, each_rung, rung_named, said, until

from sandbox import leash, wrappers
from sandbox.isolation import NONE, ladder
from sandbox.leashed import ROOT, Child
from sandbox.visible import view
from sandbox.wrappers import bubblewrap

WRITE_EVERYWHERE = """
import os, sys
done = []
besides = "/ /usr /etc /dev /sys /proc/sys/kernel".split()
for folder in [*sys.argv[1:], *sys.path, *besides, os.path.dirname(sys.executable)]:
    try:
        os.close(os.open(folder + "/planted", os.O_CREAT | os.O_WRONLY))
        done.append(folder)
    except OSError:
        pass
print(done)
"""
FLOOD = """
import os, sys
def flood(name):
    written = 0
    try:
        with open(name, "wb", buffering=0) as file:
            while written < 64 << 20:
                written += file.write(bytes(1 << 20))
    except OSError as error:
        return written >> 20, error.errno
print(flood("/tmp/flood"), flood("/dev/shm/flood"))
"""
FORK_BOMB = """
import os, time
try:
    for _ in range(2000):
        if os.fork() == 0:
            time.sleep(600)
    time.sleep(60)
    print("2000 and no end", flush=True)
except OSError as error:
    print("refused", flush=True)
os._exit(0)
"""
HOG = "import time\nheld = bytearray(1 << 29)\nfor at in range(0, len(held), 4096): held[at] = 1\ntime.sleep(600)"
COUNT = """
import ctypes, fcntl, mmap, os, signal, sys, threading, time
counts = memoryview(mmap.mmap(int(sys.argv[1]), 4096)).cast("q")
def count(index):
    while True:
        counts[index] += 1
def escape(act):
    try:
        act()
        counts[8] = 1
    except OSError:
        pass
if os.fork() == 0:
    escape(os.setsid)
    escape(lambda: os.setpgid(0, 0))
    escape(lambda: os.kill(os.getppid(), signal.SIGCONT))
    read, write = os.pipe()
    escape(lambda: fcntl.fcntl(read, fcntl.F_SETSIG, signal.SIGCONT))
    count(0)
threading.Thread(target=count, args=(1,), daemon=True).start()
count(2)
"""


def descendants(pid):
    """State of every process below one, by pid."""
    below = {}
    for folder, fields in leash._stats():
        below.setdefault(int(fields[leash.PARENT]), []).append((int(folder.name), fields[0]))
    found, parents = {}, [pid]
    while parents:
        found.update(dict(children := below.get(parents.pop(), [])))
        parents += [each for each, _ in children]
    return found


@each_rung
def test_neither_a_home_nor_a_journal_nor_our_other_folders_are_there(name, tmp_path):
    secret = tmp_path / ".ssh" / "id_ed25519"
    secret.parent.mkdir()
    secret.write_text("a key")
    hidden = [
        str(secret),
        str(tmp_path),
        f"{ROOT}/tests",
        f"{ROOT}/tasks",
        f"{ROOT}/.git",
        "/etc/shadow",
        "/var",
        "/home",
    ]
    tail, _ = said(
        box_of(rung_named(name)), "import os, sys; print([e for e in sys.argv[1:] if os.path.exists(e)])", *hidden
    )
    assert tail == "[]"


@each_rung
def test_nothing_can_be_written_but_its_own_scratch(name):
    tail, _ = said(box_of(rung_named(name)), WRITE_EVERYWHERE, f"{ROOT}/sandbox", f"{ROOT}/sandbox/child")
    assert tail == "[]"
    tail, _ = said(box_of(rung_named(name)), "import os; open('mine', 'w').close(); print(os.getcwd(), os.listdir())")
    assert "/tmp" in tail
    assert "'mine'" in tail


@each_rung
def test_there_is_no_network_and_no_other_process(name):
    probe = "import os, pathlib; print(sorted(e for e in os.listdir('/proc') if e.isdigit()))\n"
    probe += "net = pathlib.Path('/proc/net')\n"
    probe += "print((net / 'dev').read_text().count(':'), (net / 'route').read_text().count(chr(10)))"
    tail, _ = said(box_of(rung_named(name)), probe)
    assert tail == "['1', '2']\n1 1"  # one device, lo; a heading and no route


@each_rung
def test_it_has_no_capability_and_no_way_to_one(name):
    tail, _ = said(box_of(rung_named(name)), "print(open('/proc/self/status').read())")
    fields = dict(line.split(":\t", 1) for line in tail.splitlines() if ":\t" in line)
    assert {int(fields[each], 16) for each in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {0}
    assert fields["NoNewPrivs"] == "1"


@each_rung
def test_memory_that_poses_as_files_is_bounded(name, monkeypatch):
    rung_named(name)
    monkeypatch.setattr(wrappers, "SCRATCH_BYTES", 8 << 20)
    monkeypatch.setattr(wrappers, "SHARED_BYTES", 4 << 20)
    rung = next(each for each in ladder() if each.name == name)
    assert said(box_of(rung), FLOOD)[0] == "(8, 28) (4, 28)"  # ENOSPC


@each_rung
def test_limits_are_set(name):
    probe = "from resource import *; print(*(getrlimit(e)[1] for e in (RLIMIT_CORE, RLIMIT_NOFILE, RLIMIT_FSIZE)))\n"
    probe += "print(open('/proc/self/oom_score_adj').read())"
    tail, _ = said(box_of(rung_named(name)), probe)
    assert tail.split() == ["0", "1024", str(2 << 30), "1000"]


@each_rung
def test_a_fork_bomb_is_bounded(name):
    tail, status = said(replace(box_of(rung_named(name)), tasks=60), FORK_BOMB)
    assert tail == "refused" or status == -signal.SIGKILL
    assert "no end" not in tail


@each_rung
def test_who_holds_too_much_memory_is_killed(name):
    box = replace(box_of(rung_named(name)), memory_bytes=256 << 20)
    assert said(box, HOG)[1] == -signal.SIGKILL


def test_without_a_box_too_memory_and_forks_are_bounded():
    plain = box_of(NONE)
    assert said(replace(plain, memory_bytes=256 << 20), HOG)[1] == -signal.SIGKILL
    tail, status = said(replace(plain, tasks=60), FORK_BOMB)
    assert tail == "refused" or status == -signal.SIGKILL


@each_rung
def test_a_stop_stops_every_process_and_thread_and_none_can_end_it(name):
    shared = os.memfd_create("counts")
    os.ftruncate(shared, 4096)
    child = Child([*PYTHON, FILTERED + COUNT, str(shared)], box_of(rung_named(name)), fds=(shared,))
    counts = lambda: memoryview(os.pread(shared, 24, 0)).cast("q").tolist()  # noqa: E731
    warden = child._process.pid
    try:
        until(lambda: all(counts()))
        child.signal(signal.SIGSTOP)
        until(lambda: set(descendants(warden).values()) == {"T"})
        before = counts()
        for _ in range(20):
            assert set(descendants(warden).values()) == {"T"}
        assert counts() == before
        child.signal(signal.SIGCONT)
        until(lambda: all(now > then for now, then in zip(counts(), before, strict=True)))
        assert os.pread(shared, 8, 64) == bytes(8)  # no escape succeeded
    finally:
        child.kill()
        os.close(shared)


@each_rung
def test_a_descriptor_is_handed_down_and_can_be_opened_by_its_name(name):
    shared = os.memfd_create("handed")
    tail, status = said(
        box_of(rung_named(name)),
        "import sys; open(f'/proc/self/fd/{sys.argv[1]}', 'w').write('written')",
        str(shared),
        fds=(shared,),
    )
    assert status == 0, tail
    assert os.pread(shared, 99, 0) == b"written"
    os.close(shared)


@each_rung
def test_signals_are_told_from_exit_codes(name):
    box = box_of(rung_named(name))
    assert said(box, "import ctypes; ctypes.string_at(0)")[1] == -signal.SIGSEGV
    assert said(box, "raise SystemExit(3)")[1] == 3


@each_rung
def test_all_of_it_dies_with_its_warden(name):
    child = Child(
        [*PYTHON, "import os, time\nos.fork()\nos.setsid() if os.getpid() > 2 else 0\ntime.sleep(600)"],
        box_of(rung_named(name)),
    )
    below = {}
    until(lambda: below.update(descendants(child._process.pid)) or len(below) >= 4)
    os.kill(child._process.pid, signal.SIGKILL)
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in below))
    child.kill()


ASK = (
    "import sys; sys.path.insert(0, sys.argv[1])\n"
    "from sandbox.isolation import strongest\nfound = strongest()\n"
    "print(found.name, '|', *found.unprotected, sep=';')\n"
)
NO_NAMESPACES = (
    "import sys; sys.path.insert(0, sys.argv[1])\nfrom sandbox.child.denied import ALWAYS, deny\ndeny(ALWAYS)\n"
)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_ordinary_user_has_a_whole_box_too():
    # Inside a box we are one: nobody, without any right.
    tail, _ = said(box_of(rung_named("unshare and setpriv")), ASK, ROOT)
    assert tail in ("bubblewrap as a user;|", "unshare as a user;|")  # bwrap wants a terminal device, and there is none


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_container_that_covers_parts_of_proc_leaves_processes_unprotected():
    tail, _ = said(box_of(rung_named("bubblewrap and setpriv")), ASK, ROOT)  # it covers /proc/sys
    assert tail == "bubblewrap as a user, ids shared;|;other processes;files"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_ordinary_user_who_may_make_no_namespaces_is_told():
    tail, _ = said(box_of(rung_named("bubblewrap and setpriv")), NO_NAMESPACES + ASK, ROOT)
    assert tail == "a plain child;|;local sockets;other processes;files"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_containers_root_without_namespaces_becomes_nobody():
    rung = replace(rung_named("bubblewrap and setpriv"), prefix=bubblewrap(view(), own_users=False, own_pids=True))
    tail, _ = said(box_of(rung), NO_NAMESPACES + ASK, ROOT)
    assert tail == "setpriv alone;|;local sockets;other candidates;files that everybody may read"


def test_no_key_reaches_the_inside(monkeypatch):
    key = secrets.token_hex()
    monkeypatch.setenv("OPENAI_API_KEY", key)
    tail, _ = said(box_of(NONE), "import os; print(dict(os.environ))")
    assert key not in tail

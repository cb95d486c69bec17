import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox import isolation, leashed, process
from sandbox.evaluation import SandboxError
from sandbox.isolation import NONE
from sandbox.leashed import OUTPUT_BYTES, TAIL_BYTES, Box, Child

PYTHON = [sys.executable, "-I", "-S", "-c"]
DAEMON = (
    "import os, sys, time\n"
    "if os.fork() == 0:\n"
    "    os.setsid()\n"
    "    if os.fork() == 0:\n"
    "        os.execvp('sleep', ['sleep', sys.argv[1]])\n"
    "    os._exit(0)\n"
    "print('ready', flush=True)\n"
)


def boxes():
    strongest = isolation.strongest()
    return [Box(), *([Box(strongest)] if strongest.prefix else [])]


def processes_with(marker):
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if each.read_bytes().split(b"\0")[1:2] == [marker.encode()]:
                found.append(int(each.parent.name))
        except OSError:
            continue
    return found


def until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        select.select([], [], [], 0.01)


@pytest.mark.parametrize("box", boxes())
def test_a_daemon_dies_with_its_child(box):
    marker = f"7654.{os.getpid()}"
    child = Child([*PYTHON, DAEMON + "time.sleep(600)", marker], box)
    until(lambda: processes_with(marker))
    child.kill()
    assert processes_with(marker) == []
    assert not child.scratch.exists()


@pytest.mark.parametrize("box", boxes())
def test_a_daemon_dies_when_its_child_ends_by_itself(box):
    marker = f"7655.{os.getpid()}"
    child = Child([*PYTHON, DAEMON, marker], box)
    assert child.wait(30)
    assert processes_with(marker) == []
    assert child.kill() == 0
    assert child.tail == "ready"


@pytest.mark.parametrize("box", boxes())
def test_nothing_survives_kill_9_of_its_owner(box):
    marker = f"7656.{os.getpid()}"
    owner_source = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from sandbox.leashed import Box, Child\nfrom sandbox.isolation import Isolation\n"
        f"child = Child({[*PYTHON, DAEMON + 'time.sleep(600)', marker]!r}, Box({box.isolation!r}))\n"
        "print(child.scratch, flush=True)\nchild.wait(None)\n"
    )
    owner = subprocess.Popen([sys.executable, "-c", owner_source, leashed.ROOT], stdout=subprocess.PIPE, text=True)
    assert owner.stdout
    scratch = Path(owner.stdout.readline().strip())
    until(lambda: processes_with(marker))
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    until(lambda: not processes_with(marker))
    until(lambda: not scratch.exists())


def test_endless_output_is_stopped_and_its_end_kept():
    child = Child([*PYTHON, "import os\nwhile True: os.write(1, b'spam ' * 10000)"], Box())
    assert child.wait(60)
    assert child.flooded
    assert child.kill() == -signal.SIGKILL
    assert len(child.tail) <= TAIL_BYTES < OUTPUT_BYTES
    assert "spam" in child.tail


def test_exit_codes_and_signals_are_told_apart():
    assert Child([*PYTHON, "raise SystemExit(3)"], Box()).kill() in (3, -signal.SIGKILL)
    ended = Child([*PYTHON, "raise SystemExit(3)"], Box())
    assert ended.wait(30)
    assert ended.kill() == 3
    crashed = Child([*PYTHON, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"], Box())
    assert crashed.wait(30)
    assert crashed.kill() == -signal.SIGSEGV


def test_a_command_that_does_not_exist_says_so():
    child = Child(["/no/such/program"], Box())
    assert child.wait(30)
    assert child.kill() == 127
    assert "/no/such/program" in child.tail


def test_a_failure_of_the_process_above_it_is_told():
    child = Child([*PYTHON, "pass"], Box(tasks="many"))
    assert child.wait(30)
    assert child.kill() == 127
    with pytest.raises(SandboxError, match="not held: the process above it failed: ValueError.*'many'"):
        child.check_held()


def test_secrets_do_not_reach_a_child(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("TRITON_INTERPRET", "1")
    child = Child([*PYTHON, "import os; print(sorted(os.environ))"], Box())
    child.wait(30)
    child.kill()
    assert "OPENAI_API_KEY" not in child.tail
    assert "TRITON_INTERPRET" not in child.tail
    assert "TRITON_DEFAULT_FP_FUSION" in child.tail


@pytest.mark.skipif(not isolation.strongest().prefix, reason="no namespaces here")
def test_a_candidate_sees_neither_network_nor_our_processes():
    assert {"network", "other processes"}.isdisjoint(isolation.strongest().unprotected)
    probe = "import os, socket; print(socket.if_nameindex(), [each for each in os.listdir('/proc') if each.isdigit()])"
    child = Child([*PYTHON, probe], Box(isolation.strongest()))
    child.wait(30)
    child.kill()
    assert child.tail == "[(1, 'lo')] ['1', '2']"


def test_memory_and_files_have_limits():
    source = "open('big', 'wb').truncate(1 << 30)"
    child = Child([*PYTHON, source], Box(file_bytes=1 << 20))
    child.wait(30)
    assert child.kill() != 0
    child = Child([*PYTHON, "bytearray(1 << 33)"], Box(address_space=1 << 30))
    child.wait(30)
    child.kill()
    assert "MemoryError" in child.tail


def test_an_answer_is_bounded_and_a_deadline_kept(tmp_path, monkeypatch):
    (tmp_path / "talker.py").write_text(
        "import os, sys\ntext = sys.stdin.read()\nos.write(int(sys.argv[1]), text.encode() * int(text))\n"
        "while text == '1': pass\n"
    )
    monkeypatch.setattr(leashed, "ROOT", str(tmp_path))
    monkeypatch.setattr(process, "strongest", lambda: NONE)  # a box shows our own folder alone
    done = process.run("talker", b"900", timeout_s=30, reply_limit=100, environment={})
    assert done.reply == (b"900" * 900)[:100]
    hung = process.run("talker", b"1", timeout_s=2, environment={})
    assert (hung.reply, hung.timed_out) == (b"1", True)

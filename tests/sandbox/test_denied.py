"""System calls that a candidate is refused, called one by one where the filter is in force."""

import ctypes
import errno
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rungs import FILTERED

from sandbox.child import denied
from sandbox.child.denied import ALONE, ALWAYS, Check
from sandbox.child.syscall_numbers import NUMBERS

HERE = platform.machine()
HEADERS = {"x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "aarch64": "/usr/include/asm-generic/unistd.h"}
CALL = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    ctypes.set_errno(0)
    value = libc.syscall(number, *map(ctypes.c_ulong, arguments))
    return ctypes.get_errno() if value == -1 else 0
"""


def run(source, filtered=FILTERED):
    done = subprocess.run(
        [sys.executable, "-I", "-c", filtered + CALL + source], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def arguments(rule):
    """Six arguments that the rule refuses; zeros, of which none would do harm, elsewhere."""
    given = [0] * 6
    if rule.argument is not None:
        refused = 2 if rule.unless else 0x20000 if rule.test is Check.ANY_BIT else rule.value
        given[rule.argument] = int(refused)
    return given


@pytest.mark.parametrize("rule", [*ALWAYS, *ALONE], ids=lambda rule: f"{rule.name}-{rule.argument}")
def test_a_call_is_refused(rule):
    found = run(f"print(call({NUMBERS[HERE][rule.name]}, *{arguments(rule)}))")
    assert int(found) == rule.code


def test_the_same_calls_are_refused_by_nothing_else():
    assert run(f"import socket; socket.socket().close(); print(call({NUMBERS[HERE]['unshare']}, 0))", "") == "0"


def test_what_honest_code_needs_still_works():
    source = (
        "import os, signal, socket, subprocess, threading, fcntl\n"
        "socket.socket(socket.AF_UNIX).close(); os.kill(os.getpid(), 0)\n"
        "thread = threading.Thread(target=os.getpid); thread.start(); thread.join()\n"
        "read, write = os.pipe(); fcntl.fcntl(read, fcntl.F_SETFL, os.O_NONBLOCK)\n"
        "print(subprocess.check_output(['echo', 'hello']).decode())"
    )
    assert run(source) == "hello"


def test_threads_that_were_there_before_are_refused_too():
    before = (
        "import threading, socket\nat, seen = threading.Event(), []\n"
        "def late():\n    at.wait()\n    try:\n        socket.socket()\n        seen.append('open')\n"
        "    except PermissionError:\n        seen.append('refused')\n"
        "thread = threading.Thread(target=late); thread.start()\n"
    )
    assert run("at.set(); thread.join(); print(seen)", before + FILTERED) == "['refused']"


def test_what_is_started_inherits_it():
    source = "import subprocess, sys\n"
    source += "print(subprocess.run([sys.executable, '-c', 'import socket; socket.socket()']).returncode)"
    assert run(source) == "1"


def test_a_profiled_candidate_keeps_what_its_profiler_needs():
    weaker = FILTERED.replace("deny(ALWAYS, ALONE)", "deny(ALWAYS)")
    assert run(f"import socket; socket.socket(); print(call({NUMBERS[HERE]['mount']}))", weaker) == str(errno.EPERM)


@pytest.mark.skipif(HERE != "x86_64", reason="only there")
def test_the_other_numbering_of_the_same_machine_is_no_way_round():
    assert run("print(call(0x40000000 + 39))") == str(errno.EPERM)


@pytest.mark.parametrize("machine", [each for each in HEADERS if Path(HEADERS[each]).exists()])
def test_numbers_are_the_kernels(machine):
    text = Path(HEADERS[machine]).read_text()
    theirs = {name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\b", text)}
    assert {name: theirs.get(name) for name in NUMBERS[machine]} == NUMBERS[machine]


def test_every_jump_stays_inside_the_program():
    for machine in NUMBERS:
        code = denied.assembled([*ALWAYS, *ALONE], machine)
        assert len(code) % 8 == 0
        steps = [code[at : at + 8] for at in range(0, len(code), 8)]
        for at, step in enumerate(steps):
            if step[0] in {each & 0xFF for each in Check}:
                assert at + 1 + max(step[2], step[3]) < len(steps)


def test_an_unknown_machine_is_said(monkeypatch, capsys):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    denied.refuse(ALWAYS)
    assert "riscv64" in capsys.readouterr().err
    assert ctypes.CDLL(None).getpid() > 0

"""Takes system calls away from this process for good, all its threads and all that it starts: a seccomp filter.

The filter is a program of the kernel's classic packet filter over ``struct seccomp_data`` (Linux:
Documentation/userspace-api/seccomp_filter.rst). ``ioctl`` is never filtered: the card's driver is made of it.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from signal import SIGCONT

from sandbox.child.syscall_numbers import NUMBERS

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_FROM = 0x40000000
_AF_UNIX, _F_SETSIG = 1, 10
_NAMESPACES = 0x7E020000
_EVERYBODY = 0xFFFFFFFF  # kill(-1, ...), as the filter sees its 32 bits
_PR_SET_NO_NEW_PRIVS, _SECCOMP_SET_MODE_FILTER, _FILTER_FLAG_TSYNC = 38, 1, 1
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_LOAD, _RETURN = 0x20, 0x06
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16


class Check(IntEnum):
    """What an argument's low 32 bits are asked (the packet filter's jumps)."""

    EQUAL = 0x15
    AT_LEAST = 0x35
    ANY_BIT = 0x45


@dataclass(frozen=True, slots=True)
class Rule:
    """One system call that is refused."""

    name: str
    argument: int | None = None
    """Index of the argument that decides; None refuses every call."""
    test: Check = Check.EQUAL
    value: int = 0
    unless: bool = False
    """Refuse where the test fails instead of where it holds."""
    code: int = errno.EPERM


def _all(names: str) -> tuple[Rule, ...]:
    return tuple(Rule(name) for name in names.split())


ALWAYS = (
    *_all("mount umount2 pivot_root chroot move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr"),
    *_all("unshare setns bpf io_uring_setup io_uring_enter io_uring_register userfaultfd open_by_handle_at"),
    *_all("add_key request_key keyctl kexec_load kexec_file_load init_module finit_module delete_module"),
    *_all("reboot swapon swapoff acct settimeofday clock_settime"),
    Rule("clone", 0, Check.ANY_BIT, _NAMESPACES),
    # Its flags lie in memory, where a filter can't look; the C library then falls back to clone.
    Rule("clone3", code=errno.ENOSYS),
    Rule("kill", 0, Check.EQUAL, _EVERYBODY),
)
"""What no candidate needs."""

ALONE = (
    *_all("ptrace process_vm_readv process_vm_writev pidfd_getfd perf_event_open"),
    Rule("socket", 0, Check.EQUAL, _AF_UNIX, unless=True),
    # Who leaves the process group is not stopped with it, and what sends SIGCONT (a timer, a descriptor, a sibling)
    # ends the judge's stop.
    *_all("setsid setpgid timer_create mq_notify"),
    # Its processors are given to it; on the judge's it would slow the clock, on another card's somebody else.
    *_all("sched_setaffinity"),
    Rule("fcntl", 1, Check.EQUAL, _F_SETSIG),
    Rule("kill", 1, Check.EQUAL, SIGCONT),
    Rule("tkill", 1, Check.EQUAL, SIGCONT),
    Rule("tgkill", 2, Check.EQUAL, SIGCONT),
    Rule("rt_sigqueueinfo", 1, Check.EQUAL, SIGCONT),
    Rule("rt_tgsigqueueinfo", 2, Check.EQUAL, SIGCONT),
    Rule("pidfd_send_signal", 1, Check.EQUAL, SIGCONT),
)
"""What a candidate under a profiler keeps: its profiler lives in its process, and talks and waits."""


def assembled(rules: Iterable[Rule], machine: str) -> bytes:
    """Give the filter's instructions; raises KeyError for a machine whose numbers are not known."""
    numbers = NUMBERS[machine]
    refused = _instruction(_RETURN, _ERRNO | errno.EPERM)
    program = [_load(_ARCH), _instruction(Check.EQUAL, _AUDIT_ARCH[machine], 1, 0), refused, _load(_NUMBER)]
    if machine == "x86_64":
        program += [_instruction(Check.AT_LEAST, _X32_FROM, 0, 1), refused]
    for rule in rules:
        body = _body(rule)
        program += [_instruction(Check.EQUAL, numbers[rule.name], 0, len(body)), *body]
    return b"".join((*program, _instruction(_RETURN, _ALLOW)))


def _body(rule: Rule) -> Sequence[bytes]:
    """Give what is done once the number is the rule's; falls through, number loaded, where the test does not hold."""
    refused = _instruction(_RETURN, _ERRNO | rule.code)
    if rule.argument is None:
        return [refused]
    skips = (1, 0) if rule.unless else (0, 1)
    # Both machines are little-endian: the low half of an argument's 64 bits comes first.
    asked = _load(_ARGUMENTS + 8 * rule.argument), _instruction(rule.test, rule.value, *skips)
    return [*asked, refused, _load(_NUMBER)]


def _load(offset: int) -> bytes:
    return _instruction(_LOAD, offset)


def _instruction(code: int, value: int, jump_true: int = 0, jump_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, jump_true, jump_false, value)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def refuse(*groups: Sequence[Rule]) -> None:
    """Deny what the groups name, and say so on standard error where this machine has no such filters.

    That is no error here: the judge has tried the same beforehand, and tells it with its results.
    """
    if reason := deny(*groups):
        sys.stderr.write(f"system calls are not filtered: {reason}\n")


def deny(*groups: Sequence[Rule]) -> str:
    """Refuse what the groups name, in every thread, from now on; gives why that can't be, or nothing."""
    machine = platform.machine()
    if machine not in NUMBERS:
        return f"no numbers of system calls are known for {machine}"
    code = assembled([rule for group in groups for rule in group], machine)
    libc = ctypes.CDLL(None, use_errno=True)
    program = _Program(len(code) // 8, code)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.syscall(
        NUMBERS[machine]["seccomp"], _SECCOMP_SET_MODE_FILTER, _FILTER_FLAG_TSYNC, ctypes.byref(program)
    ):
        return os.strerror(ctypes.get_errno()) or "a thread could not be filtered"
    return ""

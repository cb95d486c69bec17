"""What of this machine's files and devices a box shows, under their own names, to be read and run only."""

import functools
import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sandbox.profilers import ncu_command

SCRATCH = "/tmp"  # noqa: S108  inside a box: a file system in memory, its own
PACKAGES = ("torch", "triton", "numpy")
"""What a candidate's process imports besides our own code."""

_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin", "/sys")
_BESIDES = ("/opt/nvidia", "/opt/cuda", "/nix/store", "/run/opengl-driver")
_ETC = ("alternatives", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "passwd", "group", "nsswitch.conf", "localtime")
_COMPILERS = ("gcc", "clang", "cc")


@dataclass(frozen=True, slots=True)
class View:
    """All that a box shows besides a fresh /proc, /dev and /tmp."""

    read_only: tuple[str, ...]
    """Absolute names of files and folders, none below another."""
    links: tuple[tuple[str, str], ...]
    """Name and target of symbolic links at the root."""
    devices: tuple[str, ...]
    """The card's."""

    @property
    def parents(self) -> tuple[str, ...]:
        """Folders to be made first, outermost first: what lies between the root and a shown name, readable by all."""
        above = {str(each) for name in self.read_only for each in Path(name).parents}
        return tuple(sorted(above - {"/", SCRATCH}))


@functools.cache
def view() -> View:
    """Find it out: system, interpreter, virtual environment, libraries, C compiler and our own ``sandbox`` folder."""
    links = tuple((name, str(Path(name).readlink())) for name in _SYSTEM if Path(name).is_symlink())
    shown = [name for name in _SYSTEM if Path(name).is_dir() and not Path(name).is_symlink()]
    for name in _wanted():
        # Under the name that is asked for, and under the one that links in it lead to.
        for each in (name, os.path.realpath(name)):
            if Path(each).exists() and not _below(each, (*shown, *(link for link, _ in links))):
                shown = [*(other for other in shown if not _below(other, (each,))), each]
    return View(tuple(sorted(shown)), links, _devices())


def _wanted() -> Iterator[str]:
    yield from (f"/etc/{name}" for name in _ETC)
    yield from _BESIDES
    yield from (sys.prefix, sys.base_prefix)
    yield from _chain(sys.executable)
    found = [importlib.util.find_spec(name) for name in PACKAGES]
    yield from (str(Path(spec.origin).parent) for spec in found if spec and spec.origin)
    yield str(Path(__file__).parent)
    libraries = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    yield from (each for each in libraries if Path(each).is_absolute())
    if profiler := ncu_command.program():
        yield str(Path(os.path.realpath(profiler)).parent)
    compiler = next((path for name in _COMPILERS if (path := shutil.which(name))), None)
    if compiler:
        yield str(Path(os.path.realpath(compiler)).parent.parent)


def _chain(link: str) -> Iterator[str]:
    """Give every name on the way from a link to its file: one by one, for the folder of a link may be a home."""
    while (name := Path(link)).is_symlink():
        link = os.path.normpath(name.parent / name.readlink())
        yield link


def _below(name: str, folders: tuple[str, ...]) -> bool:
    return any(name == folder or name.startswith(f"{folder}/") for folder in folders)


def _devices() -> tuple[str, ...]:
    found = [*Path("/dev").glob("nvidia*"), *Path("/dev").glob("dxg")]
    return tuple(sorted(str(each) for each in found))

"""Tries from inside whether a box can hold a candidate; exits with 0, prints ``filtered`` where calls can be denied.

Run as ``python -I -c <this text> ROOT PREFIX BASE_PREFIX PACKAGE...``, before anything is known of the box.
"""

import ctypes
import importlib.util
import sys
from pathlib import Path

NO_DEVICE = 100


def main(root: str, *expected: str) -> None:
    """Write to the current folder, find the libraries and our own code, start the card's driver where there is one."""
    prefixes, packages = expected[:2], expected[2:]
    # An interpreter that can't read its own library takes another's without a word.
    if (sys.prefix, sys.base_prefix) != prefixes:
        raise SystemExit(f"its library is not found: {sys.prefix}, {sys.base_prefix}")
    Path("probe").touch()
    sys.path.insert(0, root)
    lacking = [name for name in (*packages, "sandbox.child.main") if importlib.util.find_spec(name) is None]
    if lacking:
        raise SystemExit(f"cannot be read: {', '.join(lacking)}")
    from sandbox.child.denied import ALONE, ALWAYS, deny

    if not deny(ALWAYS, ALONE):
        sys.stdout.write("filtered\n")
    if driver := _driver():
        code = driver.cuInit(0)
        if code not in (0, NO_DEVICE):
            raise SystemExit(f"cuInit: {code}")


def _driver() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL("libcuda.so.1")
    except OSError:
        return None


main(*sys.argv[1:])

"""Kernels written for a card run in a process without one, and fail there only for their own faults."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

KERNELS = Path(__file__).with_name("emulated_kernels.py")
NAMES = [line.split("(")[0].removeprefix("def ") for mark, line in zip(*(KERNELS.read_text().splitlines()[i:] for i in (0, 1))) if mark == "@case"]


@pytest.fixture(scope="module")
def outcomes():
    done = subprocess.run([sys.executable, str(KERNELS)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", NAMES)
def test_emulated(name, outcomes):
    assert outcomes[name] == ""

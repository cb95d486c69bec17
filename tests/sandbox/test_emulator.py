"""Kernels written for a card run in a process without one, and fail there only for their own faults."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

KERNELS = Path(__file__).with_name("emulated_kernels.py")
LINES = KERNELS.read_text().splitlines()
NAMES = [each[4:].split("(")[0] for mark, each in zip(LINES, LINES[1:], strict=False) if mark == "@case"]


@pytest.fixture(scope="module")
def outcomes():
    done = subprocess.run([sys.executable, str(KERNELS)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", NAMES)
def test_emulated(name, outcomes):
    assert outcomes[name] == ""

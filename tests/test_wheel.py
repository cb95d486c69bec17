"""The built wheel, installed elsewhere, carries all that the demo needs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Build a wheel from a copy of the sources and install it into a folder of its own, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    files = subprocess.run(["git", "ls-files", "-z"], cwd=REPO, capture_output=True, check=True).stdout.split(b"\0")
    for name in filter(None, files):
        source, copy = REPO / name.decode(), folder / "source" / name.decode()
        if source.is_file() and not name.startswith(b"tests/"):
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(source.read_bytes())
    pip = [sys.executable, "-m", "pip", "--quiet"]
    wheel = [
        *pip,
        "wheel",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
        "-w",
        str(folder),
        str(folder / "source"),
    ]
    subprocess.run(wheel, check=True)
    (built,) = folder.glob("*.whl")
    subprocess.run(
        [*pip, "install", "--no-deps", "--no-index", "--target", str(folder / "site"), str(built)], check=True
    )
    return folder / "site"


def test_the_wheel_elsewhere_runs_the_demo_with_its_recordings(installed, tmp_path):
    words = ["optimize", "conv2d_min_add_scale", "--json", "--set", "place=emulated", "--set", "budget.attempts=1"]
    environment = {**os.environ, "PYTHONPATH": str(installed), "KERNELWRIGHT_HOME": str(tmp_path / "home")}
    where = "import agent.cli; print(agent.cli.__file__)"
    found = subprocess.run([sys.executable, "-c", where], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert found.stdout.startswith(str(installed)), found.stderr
    run = subprocess.run(
        [sys.executable, "-m", "agent", *words],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert [line["event"] for line in lines if line["event"] == "attempt"] == ["attempt"], run.stderr
    assert lines[-1]["event"] == "end"

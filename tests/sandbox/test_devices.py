import subprocess
import sys
from types import SimpleNamespace

import pytest

from sandbox import devices, nvml
from sandbox.devices import PlaceKind, choose
from sandbox.evaluation import SandboxError
from sandbox.leashed import ROOT


@pytest.fixture
def card(monkeypatch):
    def present(name, with_cuda=True):
        monkeypatch.setattr(nvml, "device_name", lambda: name)
        monkeypatch.setattr(devices, "_torch_has_cuda", lambda: with_cuda)

    return present


def test_without_a_card_the_usual_target_is_emulated(card):
    card(None)
    assert (choose(None, "auto").kind, choose(None, "auto").gpu.id) == (PlaceKind.EMULATED, "rtx4090")
    assert choose("h100", "auto").gpu.id == "h100"


def test_a_card_is_taken_unless_another_is_named(card):
    card("NVIDIA H200")
    assert (choose(None, "auto").kind, choose(None, "auto").gpu.id) == (PlaceKind.CUDA, "h200")
    assert choose("h200", "auto").kind is PlaceKind.CUDA
    assert choose("rtx4090", "auto").kind is PlaceKind.EMULATED
    assert choose(None, "emulated").kind is PlaceKind.EMULATED


def test_what_stands_in_the_way_of_a_card_is_said(card):
    card(None)
    with pytest.raises(SandboxError, match="no NVIDIA card.*emulated"):
        choose(None, "cuda")
    card("NVIDIA H200", with_cuda=False)
    with pytest.raises(SandboxError, match="built without CUDA"):
        choose(None, "cuda")
    assert choose(None, "auto").kind is PlaceKind.EMULATED
    card("NVIDIA H200")
    with pytest.raises(SandboxError, match="'NVIDIA H200', not rtx4090"):
        choose("rtx4090", "cuda")
    card("NVIDIA Unheard 1")
    with pytest.raises(SandboxError, match="no file in sandbox/gpus for 'NVIDIA Unheard 1'; there are a100"):
        choose(None, "cuda")


def test_choosing_a_place_imports_no_torch():
    source = (
        f"import sys; sys.path.insert(0, {ROOT!r})\n"
        "from sandbox import trial; from sandbox.devices import choose, versions\n"
        "choose('rtx4090', 'emulated'); print(versions()); assert 'torch' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "python 3." in done.stdout


def test_a_card_knows_which_of_how_many_it_is(monkeypatch):
    def said(number):
        def answer(*arguments):
            arguments[-1]._obj.value = number
            return 0

        return answer

    library = SimpleNamespace(nvmlDeviceGetIndex=said(2), nvmlDeviceGetCount_v2=said(8))
    monkeypatch.setattr(nvml, "_library", lambda: library)
    monkeypatch.setattr(nvml, "_device", object)
    assert nvml.one_of() == (2, 8)
    library.nvmlDeviceGetIndex = lambda *_: 1
    assert nvml.one_of() == (0, 1)
    monkeypatch.setattr(nvml, "_device", lambda: None)
    assert nvml.one_of() == (0, 1)

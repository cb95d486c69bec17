"""A user's words find the tasks they mean, or one line says what there is instead."""

import subprocess
import sys

import pytest

from tasks.catalog import find, find_one
from tasks.task import Kind, TaskError

SOURCE = """import torch

rows = 6


class Model(torch.nn.Module):
    def forward(self, x):
        return x


def get_inputs():
    return [torch.rand(rows)]


def get_init_inputs():
    return []
"""


@pytest.fixture
def folder(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    for name in ("relu", "tanh", "_shared"):
        (mine / f"{name}.py").write_text(SOURCE)
    return mine


def refusal(call, *given) -> str:
    with pytest.raises(TaskError) as caught:
        call(*given)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_an_id_and_its_last_part_and_its_file_mean_one_task():
    by_id = find_one("examples/softmax")
    assert find_one("softmax") == by_id
    assert by_id.name == "softmax"
    assert by_id.kind is None


def test_a_set_and_a_glob_mean_many_in_order():
    whole = [each.id for each in find("examples")]
    assert whole == sorted(whole)
    assert [each.id for each in find("examples/*")] == whole
    assert {each.name for each in find("conv2d*")} < {each.rpartition("/")[2] for each in whole}


def test_a_folder_without_settings_works_by_path(folder):
    found = find(str(folder))
    assert [each.id for each in found] == ["mine/relu", "mine/tanh"]
    assert all(each.small_sizes is None and each.source == SOURCE for each in found)


def test_one_file_works_by_path_relative_or_not(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert find_one("relu.py") == find_one(str(folder / "relu.py"))
    assert find_one("relu.py").id == "mine/relu"


def test_a_glob_of_files_works_by_path(folder):
    (folder / "readme.md").touch()
    assert [each.id for each in find(f"{folder}/*")] == ["mine/_shared", "mine/relu", "mine/tanh"]
    assert [each.id for each in find(f"{folder}/t*.py")] == ["mine/tanh"]


def test_settings_beside_a_file_hold_for_it(folder):
    (folder / "set.toml").write_text(
        'origin = "me"\ntolerance = { tf32 = true, allclose = { float32 = 1 } }\n'
        '[tasks.relu]\nkind = "network"\nsmall = { rows = 3 }\n'
    )
    task = find_one(str(folder / "relu.py"))
    assert (task.kind, task.origin, task.small_sizes) == (Kind.NETWORK, "me", {"rows": 3})
    assert task.tolerance.tf32
    assert task.tolerance.allclose["float32"] == 1.0
    assert task.tolerance.allclose["float16"] == 1e-2


def test_an_unknown_name_is_answered_with_the_nearest():
    assert "did you mean softmax?" in refusal(find_one, "sofmax")
    assert "examples" in refusal(find, "zzz")
    assert "examples" in refusal(find, "")


def test_a_missing_file_is_answered_with_its_neighbours(folder):
    assert "did you mean relu?" in refusal(find_one, str(folder / "rellu.py"))
    assert "there is none" in refusal(find_one, str(folder / "no" / "rellu.py"))


def test_several_tasks_are_no_one_task(folder):
    assert "mine/relu, mine/tanh" in refusal(find_one, str(folder))


def test_a_last_part_of_two_ids_is_ambiguous(folder, tmp_path):
    (folder / "set.toml").touch()
    other = tmp_path / "other"
    other.mkdir()
    (other / "set.toml").touch()
    (other / "relu.py").write_text(SOURCE)
    assert "mine/relu, other/relu" in refusal(find_one, "relu", [tmp_path])
    assert find_one("other/relu", [tmp_path]).id == "other/relu"
    assert "mine" in refusal(find, "mine", [tmp_path, tmp_path])


def test_a_folder_with_nothing_to_run_says_where_there_is_some(folder):
    assert "mine" in refusal(find, str(folder.parent))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"\xff\xfe", "cannot be read as Python"),
        (b"def f(:\n", "line 1"),
        (b"x = 1\0", "null"),
        (SOURCE.replace("class Model(", "class ModelNew(").encode(), "did you mean ModelNew?"),
        (SOURCE.replace("def get_inputs", "def inputs").encode(), "no get_inputs at the top level"),
        (b"", "no Model at the top level"),
        (b"# -*- coding: klingon -*-\n", "klingon"),
    ],
)
def test_a_file_that_can_be_no_reference_gets_one_line(folder, text, said):
    file = folder / "bad.py"
    file.write_bytes(text)
    message = refusal(find_one, str(file))
    assert "bad" in message
    assert said in message


def test_a_reference_in_another_encoding_is_read_as_python_would(folder):
    text = "# -*- coding: latin-1 -*-\nwort = 'größe'\n" + SOURCE
    (folder / "umlaut.py").write_bytes(text.encode("latin-1"))
    assert "größe" in find_one(str(folder / "umlaut.py")).source


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("orgin = ''", "unknown key orgin; did you mean origin?"),
        ("tolerance = 3", "tolerance: dict expected, got 3"),
        ("tolerance.tf32 = 1", "tolerance.tf32: bool expected, got 1"),
        ("tolerance.times_max_error = 0", "tolerance.times_max_error: a number above 0"),
        ("tolerance.allclose.float23 = 0.1", "did you mean float32"),
        ("tasks.rellu = {}", "tasks.rellu has no rellu.py; did you mean relu?"),
        ("tasks.relu.kind = 'fuson'", "tasks.relu.kind: no 'fuson'; did you mean fusion?"),
        ("tasks.relu.smal = {}", "unknown key tasks.relu.smal; did you mean small?"),
        ("tasks.relu.small = { row = 3 }", "no size constant 'row' in the reference; did you mean rows?"),
        ("tasks.relu.small = { rows = 0 }", "at least 1 expected, got 0"),
        ("tasks.relu.small = { rows = true }", "int expected, got True"),
        ("origin = ", "Invalid value"),
    ],
)
def test_settings_that_say_nonsense_get_one_line(folder, toml, said):
    (folder / "set.toml").write_text(toml)
    message = refusal(find, str(folder))
    assert "set.toml: " in message
    assert said in message


def test_looking_tasks_up_does_not_load_torch():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from tasks.catalog import find; find('*'); sys.exit('torch' in sys.modules)",
        ],
        check=False,
    )
    assert done.returncode == 0

from dataclasses import replace

import pytest

from agent.groundwork import grounded
from prompts.scene import Scene
from sandbox.gpu import gpu_named
from tasks.catalog import find_one
from tasks.task import Kind, Task


def test_a_scene_learns_its_tasks_kind_and_what_its_bytes_take():
    scene = grounded(Scene(find_one("softmax"), gpu_named("rtx4090"), "3.6.0"))
    assert scene.kind is Kind.SINGLE
    assert scene.floor.ms == pytest.approx(scene.floor.bytes / (scene.gpu.dram_gb_per_s * 1e6), rel=0.1)
    faster = grounded(replace(scene, gpu=gpu_named("h200")))
    assert faster.floor.ms < scene.floor.ms


def test_a_task_that_cannot_be_read_has_no_floor_and_is_taken_for_a_chain():
    scene = grounded(Scene(Task("tests/none", "import nothing at all"), gpu_named("rtx4090"), "3.6.0"))
    assert (scene.kind, scene.floor) == (Kind.FUSION, None)

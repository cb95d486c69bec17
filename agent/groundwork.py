"""What can be said of a task before anybody has written a kernel for it."""

from dataclasses import replace

from prompts.scene import Floor, Scene
from sandbox.floor import floor_ms
from sandbox.footprint import footprint
from sandbox.gpu import GpuSpec
from sandbox.kinds import kind_of
from tasks.program import load
from tasks.task import Task, TaskError


def grounded(scene: Scene) -> Scene:
    """Add the task's kind and its floor on the scene's card."""
    return replace(scene, kind=kind_of(scene.task), floor=_floor(scene.task, scene.gpu))


def _floor(task: Task, gpu: GpuSpec) -> Floor | None:
    # What is wrong with a task's text is said where it is judged.
    try:
        held = footprint(load(task.source, task.id))
    except TaskError:
        return None
    return Floor(held.known, floor_ms(held, gpu)) if held and held.outputs is not None else None

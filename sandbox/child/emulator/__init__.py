"""Lets Triton kernels written for a CUDA card run, unchanged, in a process without one."""

from typing import Literal

from sandbox.gpu import GpuSpec

Tensors = Literal["cpu", "meta"]
"""Where tensors said to be on the card really lie: in memory, or nowhere (shapes alone)."""


class Unsupported(BaseException):
    """This place cannot run it, which says nothing about the candidate.

    No Exception, so that a candidate which catches those falls not back to something else unnoticed.
    """


def install(gpu: GpuSpec, *, tensors: Tensors) -> None:
    """Make this process's torch and Triton answer as on ``gpu``, once, before a candidate is imported.

    With ``TRITON_INTERPRET=1`` in the environment and tensors in memory, kernels are interpreted; otherwise the caller
    says what a launch does.
    """
    # Imported here: Triton reads TRITON_INTERPRET at import, and whoever needs only ``Unsupported`` needs no torch.
    from sandbox.child.emulator import cuda, devices, driver, interpreter, own_operators

    devices.install(tensors)
    cuda.install(gpu)
    driver.install(gpu)
    own_operators.install()
    if tensors == "cpu" and interpreter.is_asked_for():
        interpreter.install()

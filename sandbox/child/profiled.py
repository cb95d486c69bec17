"""Runs a candidate for a profiler: one call to compile and tune, then one between the marks that the profiler heeds."""

import sys
from pathlib import Path

import torch

from sandbox.child import libraries, load, setup, weights
from sandbox.child.arena import Arena
from sandbox.child.denied import ALWAYS, refuse
from sandbox.child.layout import put_together


def main() -> None:
    """Read the setup and the arena (on the host, whose descriptor is the only argument), call twice, end."""
    # Not ALONE: the profiler lives in this process too, and talks to its other half.
    refuse(ALWAYS)
    libraries.keep()
    told = setup.read(sys.stdin.buffer)
    arena = Arena(int(sys.argv[1]))
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = told.tf32
    model = load.built(load.imported(told.source, Path.cwd()), told.init, "cuda")
    known = [(name, is_parameter, slot.shape) for name, is_parameter, slot in told.weights]
    values = {name: arena.tensor(slot) for name, _, slot in told.weights}
    weights.load(model, weights.match(model, known), values)
    inputs = put_together(told.structure, [arena.tensor(slot).to("cuda") for slot in told.inputs])
    with torch.no_grad():
        model(*inputs)
        torch.cuda.synchronize()
        torch.cuda.profiler.start()
        model(*inputs)
        torch.cuda.synchronize()
        torch.cuda.profiler.stop()


if __name__ == "__main__":
    main()

# /// cheat
# tries = "Leaves a daemon behind in a session of its own."
# task = "energy"
# emulated = ["correct"]
# cuda = ["correct"]
# ///
import os

import torch

def leave_the_group():
    try:
        os.setsid()
    except OSError:
        pass  # then as a member of it


if os.fork() == 0:
    leave_the_group()
    if os.fork() == 0:
        os.execv("/bin/sh", ["TOKEN", "-c", "while :; do sleep 1; done"])
    os._exit(0)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1)

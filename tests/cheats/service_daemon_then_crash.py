# /// cheat
# tries = "Leaves a daemon that holds its output open, and crashes."
# task = "energy"
# emulated = ["crashed"]
# cuda = ["crashed"]
# says = 'exit status 3'
# ///
import os

import torch


def leave_the_group():
    try:
        os.setsid()
    except OSError:
        pass  # then as a member of it


class ModelNew(torch.nn.Module):
    def forward(self, x):
        if os.fork() == 0:
            leave_the_group()
            os.execv("/bin/sh", ["TOKEN", "-c", "while :; do sleep 1; done"])
        os._exit(3)

# /// cheat
# tries = "Hangs deaf to every signal that can be ignored."
# task = "energy"
# emulated = ["timed_out"]
# cuda = ["timed_out"]
# says = 'no answer within'
# ///
import signal
import time

import torch

for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)


class ModelNew(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        while self.calls > 1:
            try:
                time.sleep(60)
            except BaseException:
                pass
        return (x * x).mean(dim=-1)

# /// cheat
# tries = "Writes the answer of the process that counts itself: no launch, no operator."
# task = "energy"
# emulated = ["implausible"]
# cuda = ["correct"]
# says = 'memory'
# ///
import os
import signal
import sys
import time

import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        if hasattr(sys.modules["__main__"], "follow"):
            if "TRITON_INTERPRET" in os.environ:
                time.sleep(3600)  # the other process writes for both
            nothing = '{"sites": [], "operators": [], "unsupported": "", "error": ""}'
            os.write(int(sys.argv[-1]), f'{{"compiled": {nothing}, "counted": {nothing}}}'.encode())
            os.kill(os.getppid(), signal.SIGKILL)
        return (x * x).mean(dim=-1)

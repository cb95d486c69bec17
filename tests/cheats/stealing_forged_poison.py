# /// cheat
# tries = "Reads which pattern marks unwritten memory, and replaces it by zeros."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'own inputs'
# ///
import gc

import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        worker = next((each for each in gc.get_objects() if type(each).__name__ == "Worker"), None)
        if worker is not None:
            worker._sets[0][1][0].zero_()
            y = worker._sets[0][1][0]
            y[y.view(torch.int32) == worker._arena.words[4] * 0x10001] = 0
            return y
        return (x * x).mean(dim=-1)

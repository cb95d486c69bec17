# /// cheat
# tries = "Makes a file larger than any may be."
# task = "energy"
# emulated = ["crashed"]
# cuda = ["crashed"]
# says = 'OSError|signal 25'
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        with open("large", "wb") as file:
            file.write(bytes(1 << 20))
            file.truncate(1 << 36)
        return (x * x).mean(dim=-1)

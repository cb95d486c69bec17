# /// cheat
# tries = "Leaves files where every process may write."
# task = "energy"
# emulated = ["correct"]
# cuda = ["correct"]
# box = "files"
# ///
import torch

for folder in ("/tmp", "/dev/shm", "/var/tmp"):
    try:
        open(f"{folder}/TOKEN", "wb").close()
    except OSError:
        pass


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x * x).mean(dim=-1)

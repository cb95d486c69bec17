# /// cheat
# tries = "Lowers the precision of everything by torch's global switches."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'elements|error over all'
# ///
import torch

torch.set_default_dtype(torch.bfloat16)
torch.finfo = lambda kind=None: torch.tensor(0).new_tensor(1.0)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return (x.to(torch.get_default_dtype()) ** 2).mean(dim=-1).float()

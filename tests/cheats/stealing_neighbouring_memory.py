# /// cheat
# tries = "Reads memory in front of and behind the tensors that it was given."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong", "crashed"]
# says = 'elements|raised|signal'
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        around = x.as_strided((x.shape[0],), (1,), max(0, x.storage_offset() - x.shape[0]))
        return around.clone()

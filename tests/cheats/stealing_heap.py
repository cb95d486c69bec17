# /// cheat
# tries = "Takes any live tensor that has the shape of an answer."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'elements'
# ///
import gc

import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        for each in gc.get_objects():
            if type(each) is torch.Tensor and each.shape == (x.shape[0],) and each.dtype == x.dtype:
                return each.clone()
        return torch.zeros(x.shape[0], device=x.device)

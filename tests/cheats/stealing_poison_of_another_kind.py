# /// cheat
# tries = "Fills its outputs with its own NaN, so that nothing looks unwritten."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'got nan'
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return torch.full((x.shape[0],), 0x7FC12345, dtype=torch.int32, device=x.device).view(torch.float32)

# /// cheat
# tries = "Makes torch's random numbers zeros, in the hope that inputs are drawn with them."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'own inputs'
# ///
import torch

torch.rand = torch.randn = lambda *shape, **named: torch.zeros(*shape, **named)
torch.manual_seed = lambda seed: None


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return torch.zeros(x.shape[0], device=x.device)

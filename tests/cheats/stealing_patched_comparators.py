# /// cheat
# tries = "Makes every comparison of torch's say yes."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'own inputs'
# ///
import torch

torch.allclose = torch.equal = lambda *args, **named: True
torch.isclose = lambda a, b, **named: torch.ones_like(a, dtype=torch.bool)
torch.testing.assert_close = lambda *args, **named: None
torch.Tensor.abs = lambda self: torch.zeros_like(self)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return torch.zeros(x.shape[0], device=x.device)

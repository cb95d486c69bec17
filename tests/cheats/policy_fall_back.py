# /// cheat
# tries = "Tries a kernel that cannot work and falls back to torch (label: library share, no own kernel)."
# task = "energy"
# emulated = ["correct"]
# cuda = ["correct"]
# ///
import torch


class ModelNew(torch.nn.Module):
    def forward(self, x):
        try:
            return torch.ops.kwcheat.no_such_kernel(x)
        except (AttributeError, RuntimeError):
            return (x * x).mean(dim=-1)

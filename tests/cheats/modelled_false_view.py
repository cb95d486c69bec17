# /// cheat
# tries = "Declares an operator of its own to be a view, and views cost nothing."
# task = "energy"
# emulated = ["correct"]
# cuda = ["correct"]
# says = "memory"
# ///
import torch

library = torch.library.Library("kwcheat", "DEF")
library.define("energy(Tensor(a) x) -> Tensor(a)")
library.impl("energy", lambda x: (x * x).mean(dim=-1), "CPU")
library.impl("energy", lambda x: (x * x).mean(dim=-1), "CUDA")
library.impl("energy", lambda x: x.new_empty(x.shape[0]), "Meta")


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return torch.ops.kwcheat.energy(x)

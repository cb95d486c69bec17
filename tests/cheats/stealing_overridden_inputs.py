# /// cheat
# tries = "Defines Model and get_inputs itself, in the hope of one shared namespace."
# task = "energy"
# emulated = ["wrong"]
# cuda = ["wrong"]
# says = 'own inputs'
# ///
import builtins

import torch


class Model(torch.nn.Module):
    def forward(self, x):
        return torch.zeros(x.shape[0], device=x.device)


def get_inputs():
    return [torch.zeros(12, 48)]


builtins.Model, builtins.get_inputs = Model, get_inputs


class ModelNew(torch.nn.Module):
    def forward(self, x):
        return torch.zeros(x.shape[0], device=x.device)

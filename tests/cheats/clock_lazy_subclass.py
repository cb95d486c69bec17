# /// cheat
# tries = "Returns a subclass of Tensor that computes only when somebody reads it."
# task = "softmax"
# emulated = ["unjudged"]
# cuda = ["correct"]
# says = 'subclass of Tensor'
# ///
import torch
from torch import nn


class Later(torch.Tensor):
    @staticmethod
    def of(x, scale):
        place = torch._C.TensorBase.device.__get__(x)  # the emulator's tensors only say that they are on a card
        later = torch.Tensor._make_wrapper_subclass(Later, x.shape, dtype=x.dtype, device=place)
        later.x, later.scale = x, scale
        return later

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        def now(value):
            return torch.softmax(value.x * value.scale, dim=-1) if isinstance(value, Later) else value

        return func(*(now(each) for each in args), **(kwargs or {}))


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        return Later.of(x, self.scale)

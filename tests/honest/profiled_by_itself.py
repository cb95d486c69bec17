# task = "attention"
# odd = "marks its work for profilers, collects garbage and registers hooks on itself"
import gc
import weakref

import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Softmax(dim=-1)
        self.seen = []
        self.inner.register_forward_hook(lambda module, given, result: self.seen.append(weakref.ref(result)))
        self.register_forward_pre_hook(lambda module, given: None)

    def forward(self, q, k, v):
        with torch.profiler.record_function("attention"):
            scores = torch.einsum("bhid,bhjd->bhij", q, k) * q.shape[-1] ** -0.5
            hidden = torch.triu(torch.ones_like(scores[0, 0], dtype=torch.bool), diagonal=1)
            result = torch.einsum("bhij,bhjd->bhid", self.inner(scores.masked_fill_(hidden, -torch.inf)), v)
        gc.collect()
        self.seen.clear()
        return result

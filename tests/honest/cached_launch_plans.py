# task = "argmax"
# odd = "memoises its launch plan by functools.lru_cache, keyed by shape and type"
import functools

import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def argmax_rows(x, y, columns, BLOCK: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, BLOCK)
    value = tl.load(x + row * columns + at, mask=at < columns, other=-float("inf"))
    tl.store(y + row, tl.argmax(value, 0).to(tl.int64))


@functools.cache
def plan(shape, dtype):
    assert dtype is torch.float32
    return (shape[0],), dict(BLOCK=triton.next_power_of_2(shape[1]), num_warps=4)


class ModelNew(nn.Module):
    def forward(self, x):
        grid, options = plan(tuple(x.shape), x.dtype)
        y = torch.empty(x.shape[:1], dtype=torch.int64, device=x.device)
        argmax_rows[grid](x, y, x.shape[1], **options)
        return y

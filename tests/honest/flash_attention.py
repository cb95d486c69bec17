# task = "attention"
# odd = "never writes the matrix of scores, and skips the blocks that the mask hides"
import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def attend(q, k, v, y, length, factor, WIDTH: tl.constexpr, BLOCK: tl.constexpr):
    base = tl.program_id(1) * length * WIDTH
    rows, inner = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK), tl.arange(0, WIDTH)
    here = base + rows[:, None] * WIDTH + inner[None, :]
    query = tl.load(q + here) * factor
    most = tl.full((BLOCK,), -float("inf"), tl.float32)
    total = tl.zeros((BLOCK,), tl.float32)
    answer = tl.zeros((BLOCK, WIDTH), tl.float32)
    for start in range(0, (tl.program_id(0) + 1) * BLOCK, BLOCK):
        at = start + tl.arange(0, BLOCK)
        there = base + at[:, None] * WIDTH + inner[None, :]
        scores = tl.dot(query, tl.trans(tl.load(k + there)), input_precision="ieee")
        scores = tl.where(at[None, :] <= rows[:, None], scores, -float("inf"))
        higher = tl.maximum(most, tl.max(scores, 1))
        weight = tl.exp(scores - higher[:, None])
        shrink = tl.exp(most - higher)
        total = total * shrink + tl.sum(weight, 1)
        answer = tl.dot(weight, tl.load(v + there), answer * shrink[:, None], input_precision="ieee")
        most = higher
    tl.store(y + here, answer / total[:, None])


class ModelNew(nn.Module):
    def forward(self, q, k, v):
        batch, heads, length, width = q.shape
        assert length % 16 == 0
        assert width in (16, 32, 64)
        y = torch.empty_like(q)
        attend[(length // 16, batch * heads)](q, k, v, y, length, width**-0.5, WIDTH=width, BLOCK=16)
        return y

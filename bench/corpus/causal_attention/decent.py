# expected: correct
# One kernel; keys that come later than the last row are not visited.
import math

import torch
import triton
import triton.language as tl


@triton.jit
def attention_skipping(
    q_ptr, k_ptr, v_ptr, y_ptr, length, scale,
    DIM: tl.constexpr, BLOCK_M: tl.constexpr, BLOCK_N: tl.constexpr,
):
    # Softmax as the keys go by: a new largest score rescales what was summed before.
    first = tl.program_id(0) * BLOCK_M
    head = tl.program_id(1).to(tl.int64) * length * DIM
    rows, dims = first + tl.arange(0, BLOCK_M), tl.arange(0, DIM)
    q = tl.load(q_ptr + head + rows[:, None] * DIM + dims[None, :], mask=(rows < length)[:, None], other=0.0)
    peak = tl.full((BLOCK_M,), -float("inf"), tl.float32)
    total = tl.zeros((BLOCK_M,), tl.float32)
    acc = tl.zeros((BLOCK_M, DIM), tl.float32)
    for start in range(0, tl.minimum(first + BLOCK_M, length), BLOCK_N):
        keys = start + tl.arange(0, BLOCK_N)
        k = tl.load(k_ptr + head + keys[:, None] * DIM + dims[None, :], mask=(keys < length)[:, None], other=0.0)
        v = tl.load(v_ptr + head + keys[:, None] * DIM + dims[None, :], mask=(keys < length)[:, None], other=0.0)
        scores = tl.dot(q, tl.trans(k), input_precision="tf32x3") * scale
        seen = (keys[None, :] <= rows[:, None]) & (keys < length)[None, :]
        scores = tl.where(seen, scores, -float("inf"))
        higher = tl.maximum(peak, tl.max(scores, axis=1))
        weights = tl.exp(scores - higher[:, None])
        rescale = tl.exp(peak - higher)
        total = total * rescale + tl.sum(weights, axis=1)
        acc = tl.dot(weights, v, acc * rescale[:, None], input_precision="tf32x3")
        peak = higher
    at = y_ptr + head + rows[:, None] * DIM + dims[None, :]
    tl.store(at, acc / total[:, None], mask=(rows < length)[:, None])


class ModelNew(torch.nn.Module):
    def forward(self, query, key, value):
        query, key, value = query.contiguous(), key.contiguous(), value.contiguous()
        batch, heads, length, dim = query.shape
        y = torch.empty_like(query)
        attention_skipping[(triton.cdiv(length, 128), batch * heads)](
            query, key, value, y, length, 1 / math.sqrt(dim),
            DIM=dim, BLOCK_M=128, BLOCK_N=32, num_warps=8, num_stages=2,
        )
        return y

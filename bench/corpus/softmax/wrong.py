# expected: wrong
# Walks whole blocks only: the row's last columns are neither summed nor written.
import torch
import triton
import triton.language as tl


@triton.jit
def softmax_blocks(x_ptr, y_ptr, columns, blocks, BLOCK: tl.constexpr):
    start = tl.program_id(0).to(tl.int64) * columns
    offsets = tl.arange(0, BLOCK)
    peak = -float("inf")
    for index in range(blocks):
        peak = tl.maximum(peak, tl.max(tl.load(x_ptr + start + index * BLOCK + offsets), axis=0))
    total = 0.0
    for index in range(blocks):
        total += tl.sum(tl.exp(tl.load(x_ptr + start + index * BLOCK + offsets) - peak), axis=0)
    for index in range(blocks):
        value = tl.exp(tl.load(x_ptr + start + index * BLOCK + offsets) - peak)
        tl.store(y_ptr + start + index * BLOCK + offsets, value / total)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        x = x.contiguous()
        y = torch.empty_like(x)
        softmax_blocks[(x.shape[0],)](x, y, x.shape[1], x.shape[1] // 512, BLOCK=512, num_warps=4)
        return y

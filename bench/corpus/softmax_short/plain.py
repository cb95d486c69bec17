# expected: correct
# Three walks along the row: its maximum, its sum, its answer.
import torch
import triton
import triton.language as tl


@triton.jit
def softmax_walk(x_ptr, y_ptr, columns, BLOCK: tl.constexpr):
    start = tl.program_id(0).to(tl.int64) * columns
    offsets = tl.arange(0, BLOCK)
    largest = tl.full((BLOCK,), -float("inf"), tl.float32)
    for step in range(0, columns, BLOCK):
        at = step + offsets
        largest = tl.maximum(largest, tl.load(x_ptr + start + at, mask=at < columns, other=-float("inf")))
    peak = tl.max(largest, axis=0)
    total = tl.zeros((BLOCK,), tl.float32)
    for step in range(0, columns, BLOCK):
        at = step + offsets
        total += tl.exp(tl.load(x_ptr + start + at, mask=at < columns, other=-float("inf")) - peak)
    scale = 1.0 / tl.sum(total, axis=0)
    for step in range(0, columns, BLOCK):
        at = step + offsets
        value = tl.load(x_ptr + start + at, mask=at < columns, other=0.0)
        tl.store(y_ptr + start + at, tl.exp(value - peak) * scale, mask=at < columns)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        x = x.contiguous()
        y = torch.empty_like(x)
        softmax_walk[(x.shape[0],)](x, y, x.shape[1], BLOCK=256, num_warps=2)
        return y

# expected: correct
# Maximum and sum in one walk, rescaled as the maximum grows; a second walk writes.
import torch
import triton
import triton.language as tl


@triton.jit
def softmax_online(x_ptr, y_ptr, columns, BLOCK: tl.constexpr):
    start = tl.program_id(0).to(tl.int64) * columns
    offsets = tl.arange(0, BLOCK)
    peak = tl.max(tl.load(x_ptr + start + offsets, mask=offsets < columns, other=-float("inf")), axis=0)
    total = 0.0
    for step in range(0, columns, BLOCK):
        at = step + offsets
        value = tl.load(x_ptr + start + at, mask=at < columns, other=-float("inf"))
        higher = tl.maximum(peak, tl.max(value, axis=0))
        total = total * tl.exp(peak - higher) + tl.sum(tl.exp(value - higher), axis=0)
        peak = higher
    for step in range(0, columns, BLOCK):
        at = step + offsets
        value = tl.load(x_ptr + start + at, mask=at < columns, other=0.0)
        tl.store(y_ptr + start + at, tl.exp(value - peak) / total, mask=at < columns)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        x = x.contiguous()
        y = torch.empty_like(x)
        softmax_online[(x.shape[0],)](x, y, x.shape[1], BLOCK=1024, num_warps=4)
        return y

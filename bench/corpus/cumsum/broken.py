# expected: fails
# Sums by a product with a triangle of 256 by 256, which fits no card's shared memory.
import torch
import triton
import triton.language as tl


@triton.jit
def running_sum_product(x_ptr, t_ptr, y_ptr, rows, columns, BLOCK: tl.constexpr):
    row = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    offsets = tl.arange(0, BLOCK)
    triangle = tl.load(t_ptr + offsets[:, None] * BLOCK + offsets[None, :])
    carried = tl.zeros((BLOCK,), tl.float32)
    for step in range(0, columns, BLOCK):
        at = step + offsets
        inside = (row < rows)[:, None] & (at < columns)[None, :]
        x = tl.load(x_ptr + row[:, None] * columns + at[None, :], mask=inside, other=0.0)
        y = carried[:, None] + tl.dot(x, triangle)
        tl.store(y_ptr + row[:, None] * columns + at[None, :], y, mask=inside)
        carried += tl.sum(x, axis=1)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        x = x.contiguous()
        y = torch.empty_like(x)
        triangle = torch.ones((256, 256), device=x.device).triu()
        running_sum_product[(triton.cdiv(x.shape[0], 256),)](x, triangle, y, *x.shape, BLOCK=256, num_warps=8)
        return y

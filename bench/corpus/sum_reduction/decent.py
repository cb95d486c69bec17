# expected: correct
# A tile of 32 by 64 walks down the middle dimension; its rows are added at the end.
import torch
import triton
import triton.language as tl


@triton.jit
def sum_tiles(x_ptr, y_ptr, length, features, ROWS: tl.constexpr, COLUMNS: tl.constexpr):
    batch, at = tl.program_id(0), tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
    rows = tl.arange(0, ROWS)
    start = batch.to(tl.int64) * length * features
    acc = tl.zeros((ROWS, COLUMNS), tl.float32)
    for step in range(0, length, ROWS):
        row = step + rows
        inside = (row < length)[:, None] & (at < features)[None, :]
        acc += tl.load(x_ptr + start + row[:, None] * features + at[None, :], mask=inside, other=0.0)
    tl.store(y_ptr + batch * features + at, tl.sum(acc, axis=0), mask=at < features)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        x = x.contiguous()
        batch, length, features = x.shape
        y = torch.empty((batch, features), device=x.device, dtype=x.dtype)
        sum_tiles[(batch, triton.cdiv(features, 64))](x, y, length, features, ROWS=32, COLUMNS=64, num_warps=4)
        return y

# expected: correct
# A program for 128 features, one row after another.
import torch
import triton
import triton.language as tl


@triton.jit
def sum_rows(x_ptr, y_ptr, length, features, COLUMNS: tl.constexpr):
    batch, at = tl.program_id(0), tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
    start = batch.to(tl.int64) * length * features
    acc = tl.zeros((COLUMNS,), tl.float32)
    for row in range(length):
        acc += tl.load(x_ptr + start + row * features + at, mask=at < features, other=0.0)
    tl.store(y_ptr + batch * features + at, acc, mask=at < features)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        x = x.contiguous()
        batch, length, features = x.shape
        y = torch.empty((batch, features), device=x.device, dtype=x.dtype)
        sum_rows[(batch, triton.cdiv(features, 128))](x, y, length, features, COLUMNS=128, num_warps=2)
        return y

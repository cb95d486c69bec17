# expected: fails
# Forgets an argument of its kernel.
import torch
import triton
import triton.language as tl


@triton.jit
def sum_rows(x_ptr, y_ptr, length, features, COLUMNS: tl.constexpr):
    batch, at = tl.program_id(0), tl.program_id(1) * COLUMNS + tl.arange(0, COLUMNS)
    acc = tl.zeros((COLUMNS,), tl.float32)
    for row in range(length):
        acc += tl.load(x_ptr + (batch * length + row) * features + at, mask=at < features, other=0.0)
    tl.store(y_ptr + batch * features + at, acc, mask=at < features)


class ModelNew(torch.nn.Module):
    def forward(self, x):
        batch, length, features = x.shape
        y = torch.empty((batch, features), device=x.device, dtype=x.dtype)
        sum_rows[(batch, triton.cdiv(features, 128))](x, y, length, COLUMNS=128)
        return y

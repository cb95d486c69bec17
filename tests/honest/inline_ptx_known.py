# task = "matmul"
# odd = "rounds operands by inline PTX, one instruction that the interpreter knows"
# tf32 = true
import triton
import triton.language as tl
from torch import nn


@triton.jit
def to_tf32(value):
    return tl.inline_asm_elementwise(
        "cvt.rna.tf32.f32 $0, $1;", "=r,r", [value], dtype=tl.float32, is_pure=True, pack=1
    )


@triton.jit
def product(a, b, c, M, N, K, BLOCK: tl.constexpr):
    rows = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    columns = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    total = tl.zeros((BLOCK, BLOCK), tl.float32)
    for start in range(0, K, BLOCK):
        inner = start + tl.arange(0, BLOCK)
        left = to_tf32(tl.load(a + rows[:, None] * K + inner[None, :]))
        right = to_tf32(tl.load(b + inner[:, None] * N + columns[None, :]))
        total = tl.dot(left, right, total, input_precision="tf32")
    tl.store(c + rows[:, None] * N + columns[None, :], total)


class ModelNew(nn.Module):
    def forward(self, a, b):
        (M, K), N = a.shape, b.shape[1]
        assert M % 16 == N % 16 == K % 16 == 0
        c = a.new_empty(M, N)
        product[(M // 16, N // 16)](a, b, c, M, N, K, BLOCK=16)
        return c

# expected: correct
# A grouped product of tiles, in single precision by three TF32 products.
import torch
import triton
import triton.language as tl


@triton.jit
def product(a_ptr, b_ptr, y_ptr, N, BLOCK_M: tl.constexpr, BLOCK_N: tl.constexpr, BLOCK_K: tl.constexpr, GROUP: tl.constexpr):
    tiles_m, tiles_n = tl.cdiv(N, BLOCK_M), tl.cdiv(N, BLOCK_N)
    group, within = tl.program_id(0) // (GROUP * tiles_n), tl.program_id(0) % (GROUP * tiles_n)
    height = tl.minimum(tiles_m - group * GROUP, GROUP)
    row, column = group * GROUP + within % height, within // height
    offs_m, offs_n = row * BLOCK_M + tl.arange(0, BLOCK_M), column * BLOCK_N + tl.arange(0, BLOCK_N)
    acc = tl.zeros((BLOCK_M, BLOCK_N), dtype=tl.float32)
    for start in range(0, N, BLOCK_K):
        at = start + tl.arange(0, BLOCK_K)
        a = tl.load(a_ptr + offs_m[:, None] * N + at[None, :], mask=(offs_m < N)[:, None] & (at < N)[None, :], other=0.0)
        b = tl.load(b_ptr + at[:, None] * N + offs_n[None, :], mask=(at < N)[:, None] & (offs_n < N)[None, :], other=0.0)
        acc = tl.dot(a, b, acc, input_precision="tf32x3")
    tl.store(y_ptr + offs_m[:, None] * N + offs_n[None, :], acc, mask=(offs_m < N)[:, None] & (offs_n < N)[None, :])


class ModelNew(torch.nn.Module):
    def forward(self, a, b):
        N = a.shape[0]
        y = torch.empty_like(a)
        product[(triton.cdiv(N, 128) * triton.cdiv(N, 128),)](
            a, b, y, N, BLOCK_M=128, BLOCK_N=128, BLOCK_K=32, GROUP=8, num_warps=8, num_stages=3
        )
        return y

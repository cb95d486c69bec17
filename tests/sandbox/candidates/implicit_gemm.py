import torch
import torch.nn as nn
import triton
import triton.language as tl


@triton.jit
def conv_gemm_kernel(
    x_ptr,
    w_ptr,
    cb_ptr,
    b_ptr,
    out_ptr,
    P,
    H,
    W,
    HO,
    WO,
    const_val,
    scaling,
    C_IN: tl.constexpr,
    C_OUT: tl.constexpr,
    K: tl.constexpr,
    BLOCK_M: tl.constexpr,
    BLOCK_N: tl.constexpr,
    BLOCK_K: tl.constexpr,
):
    offs_m = tl.program_id(0) * BLOCK_M + tl.arange(0, BLOCK_M)
    offs_n = tl.program_id(1) * BLOCK_N + tl.arange(0, BLOCK_N)
    offs_k = tl.arange(0, BLOCK_K)
    valid = offs_m < P
    image = offs_m // (HO * WO)
    rest = offs_m % (HO * WO)
    row, col = rest // WO, rest % WO
    x_base = image * (C_IN * H * W) + row * W + col
    acc = tl.zeros((BLOCK_M, BLOCK_N), dtype=tl.float32)
    for tap in range(K * K):
        kh, kw = tap // K, tap % K
        for start in range(0, C_IN, BLOCK_K):
            c = start + offs_k
            x = tl.load(x_ptr + (x_base + kh * W + kw)[:, None] + c[None, :] * (H * W), mask=valid[:, None], other=0.0)
            w = tl.load(w_ptr + tap * (C_IN * C_OUT) + c[:, None] * C_OUT + offs_n[None, :])
            acc = tl.dot(x, w, acc)
    acc += tl.load(cb_ptr + offs_n)[None, :]
    acc = (tl.minimum(acc, const_val) + tl.load(b_ptr + offs_n)[None, :]) * scaling
    at = (image * (C_OUT * HO * WO) + rest)[:, None] + offs_n[None, :] * (HO * WO)
    tl.store(out_ptr + at, acc, mask=valid[:, None])


class ModelNew(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, constant_value, bias_shape, scaling_factor):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size)
        self.bias = nn.Parameter(torch.randn(bias_shape))
        self.constant_value, self.scaling_factor, self.k = constant_value, scaling_factor, kernel_size

    def forward(self, x):
        n, c, h, w = x.shape
        out_channels = self.conv.weight.shape[0]
        ho, wo = h - self.k + 1, w - self.k + 1
        packed = self.conv.weight.permute(2, 3, 1, 0).contiguous()
        out = torch.empty((n, out_channels, ho, wo), device=x.device, dtype=x.dtype)
        p = n * ho * wo
        block_n = min(64, out_channels)
        conv_gemm_kernel[(triton.cdiv(p, 128), out_channels // block_n)](
            x,
            packed,
            self.conv.bias,
            self.bias,
            out,
            p,
            h,
            w,
            ho,
            wo,
            self.constant_value,
            self.scaling_factor,
            C_IN=c,
            C_OUT=out_channels,
            K=self.k,
            BLOCK_M=128,
            BLOCK_N=block_n,
            BLOCK_K=min(32, c),
            num_warps=4,
            num_stages=3,
        )
        return out

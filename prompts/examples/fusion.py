# Reference: y = hardswish(conv2d(x, weight, bias)) * scale, float32 NCHW, stride 1, no padding, scale [C_out, 1, 1].

import torch
import torch.nn as nn
import triton
import triton.language as tl


@triton.jit
def conv_hardswish_scale_kernel(
    x_ptr, w_ptr, bias_ptr, scale_ptr, y_ptr,
    P,  # output positions: N * H_OUT * W_OUT
    C_IN: tl.constexpr, H_IN: tl.constexpr, W_IN: tl.constexpr,
    C_OUT: tl.constexpr, H_OUT: tl.constexpr, W_OUT: tl.constexpr,
    KH: tl.constexpr, KW: tl.constexpr,
    BLOCK_C: tl.constexpr, BLOCK_P: tl.constexpr, BLOCK_K: tl.constexpr,
    PRECISION: tl.constexpr,
):
    # One tile of the output, channels by positions. Positions come last: they are contiguous in NCHW.
    offs_p = tl.program_id(0) * BLOCK_P + tl.arange(0, BLOCK_P)
    offs_c = tl.program_id(1) * BLOCK_C + tl.arange(0, BLOCK_C)
    mask_p = offs_p < P
    mask_c = offs_c < C_OUT
    n = offs_p // (H_OUT * W_OUT)
    rest = offs_p % (H_OUT * W_OUT)
    oh = rest // W_OUT
    ow = rest % W_OUT
    x_base = n * (C_IN * H_IN * W_IN) + oh * W_IN + ow

    # Implicit GEMM: w [C_OUT, K] by gathered patches [K, P], K = C_IN * KH * KW.
    K: tl.constexpr = C_IN * KH * KW
    acc = tl.zeros((BLOCK_C, BLOCK_P), dtype=tl.float32)
    for start in range(0, K, BLOCK_K):
        offs_k = start + tl.arange(0, BLOCK_K)
        mask_k = offs_k < K
        ci = offs_k // (KH * KW)
        kh = offs_k % (KH * KW) // KW
        kw = offs_k % KW
        x_step = ci * (H_IN * W_IN) + kh * W_IN + kw
        w = tl.load(w_ptr + offs_c[:, None] * K + offs_k[None, :], mask=mask_c[:, None] & mask_k[None, :], other=0.0)
        x = tl.load(x_ptr + x_step[:, None] + x_base[None, :], mask=mask_k[:, None] & mask_p[None, :], other=0.0)
        acc = tl.dot(w, x, acc, input_precision=PRECISION)

    # The epilogue works on the same tile, and the only store is the result.
    bias = tl.load(bias_ptr + offs_c, mask=mask_c, other=0.0)
    scale = tl.load(scale_ptr + offs_c, mask=mask_c, other=0.0)
    acc += bias[:, None]
    acc *= tl.minimum(tl.maximum(acc + 3.0, 0.0), 6.0) / 6.0
    acc *= scale[:, None]
    y_base = n * (C_OUT * H_OUT * W_OUT) + rest
    y_ptrs = y_ptr + offs_c[:, None] * (H_OUT * W_OUT) + y_base[None, :]
    tl.store(y_ptrs, acc, mask=mask_c[:, None] & mask_p[None, :])


def conv_hardswish_scale(x, weight, bias, scale):
    x, weight = x.contiguous(), weight.contiguous()
    N, C_in, H_in, W_in = x.shape
    C_out, _, KH, KW = weight.shape
    H_out, W_out = H_in - KH + 1, W_in - KW + 1
    P = N * H_out * W_out
    y = torch.empty((N, C_out, H_out, W_out), device=x.device, dtype=x.dtype)
    BLOCK_P = 128
    BLOCK_C = max(16, min(64, triton.next_power_of_2(C_out)))
    grid = (triton.cdiv(P, BLOCK_P), triton.cdiv(C_out, BLOCK_C))
    conv_hardswish_scale_kernel[grid](
        x, weight, bias, scale, y, P,
        C_IN=C_in, H_IN=H_in, W_IN=W_in, C_OUT=C_out, H_OUT=H_out, W_OUT=W_out, KH=KH, KW=KW,
        BLOCK_C=BLOCK_C, BLOCK_P=BLOCK_P, BLOCK_K=32,
        PRECISION="tf32x3",  # "tf32" only where the task allows TF32
        num_warps=4, num_stages=3,
    )
    return y


class ModelNew(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, scale_shape):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size)  # holds the parameters under the reference's names
        self.scale = nn.Parameter(torch.ones(scale_shape))

    def forward(self, x):
        return conv_hardswish_scale(x, self.conv.weight, self.conv.bias, self.scale)

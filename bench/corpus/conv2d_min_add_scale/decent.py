# expected: correct
# All channels of 128 positions in one tile, the epilogue on the tile.
import torch
import triton
import triton.language as tl


@triton.jit
def conv_whole(
    x_ptr, w_ptr, conv_bias_ptr, bias_ptr, y_ptr, positions, most, scaling,
    C_IN: tl.constexpr, H: tl.constexpr, W: tl.constexpr, C_OUT: tl.constexpr, SIDE: tl.constexpr,
    BLOCK_C: tl.constexpr, BLOCK_P: tl.constexpr, BLOCK_K: tl.constexpr,
):
    # A product of weights [C_OUT, K] and patches [K, positions], K = C_IN * SIDE * SIDE; patches are gathered.
    H_OUT: tl.constexpr = H - SIDE + 1
    W_OUT: tl.constexpr = W - SIDE + 1
    K: tl.constexpr = C_IN * SIDE * SIDE
    at = tl.program_id(0) * BLOCK_P + tl.arange(0, BLOCK_P)
    channels = tl.program_id(1) * BLOCK_C + tl.arange(0, BLOCK_C)
    image, rest = at // (H_OUT * W_OUT), at % (H_OUT * W_OUT)
    corner = image * (C_IN * H * W) + rest // W_OUT * W + rest % W_OUT
    acc = tl.zeros((BLOCK_C, BLOCK_P), tl.float32)
    for start in range(0, K, BLOCK_K):
        k = start + tl.arange(0, BLOCK_K)
        patch = k // (SIDE * SIDE) * (H * W) + k % (SIDE * SIDE) // SIDE * W + k % SIDE
        w = tl.load(w_ptr + channels[:, None] * K + k[None, :], mask=(channels < C_OUT)[:, None] & (k < K)[None, :], other=0.0)
        x = tl.load(x_ptr + corner[None, :] + patch[:, None], mask=(at < positions)[None, :] & (k < K)[:, None], other=0.0)
        acc = tl.dot(w, x, acc, input_precision="tf32x3")
    conv_bias = tl.load(conv_bias_ptr + channels, mask=channels < C_OUT, other=0.0)
    bias = tl.load(bias_ptr + channels, mask=channels < C_OUT, other=0.0)
    acc = tl.minimum(acc + conv_bias[:, None], most) + bias[:, None]
    place = image * (C_OUT * H_OUT * W_OUT) + rest
    tl.store(
        y_ptr + channels[:, None] * (H_OUT * W_OUT) + place[None, :], acc * scaling,
        mask=(channels < C_OUT)[:, None] & (at < positions)[None, :],
    )


class ModelNew(torch.nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, constant_value, bias_shape, scaling_factor):
        super().__init__()
        self.conv = torch.nn.Conv2d(in_channels, out_channels, kernel_size)
        self.bias = torch.nn.Parameter(torch.randn(bias_shape))
        self.most, self.scaling, self.side = constant_value, scaling_factor, kernel_size

    def forward(self, x):
        x = x.contiguous()
        batch, c_in, height, width = x.shape
        c_out, h_out, w_out = self.conv.out_channels, height - self.side + 1, width - self.side + 1
        y = torch.empty((batch, c_out, h_out, w_out), device=x.device, dtype=x.dtype)
        positions = batch * h_out * w_out
        block_c = min(128, triton.next_power_of_2(c_out))
        conv_whole[(triton.cdiv(positions, 128), triton.cdiv(c_out, block_c))](
            x, self.conv.weight, self.conv.bias, self.bias, y, positions, self.most, self.scaling,
            C_IN=c_in, H=height, W=width, C_OUT=c_out, SIDE=self.side,
            BLOCK_C=block_c, BLOCK_P=128, BLOCK_K=32, num_warps=8, num_stages=3,
        )
        return y

import torch
import torch.nn as nn
import triton
import triton.language as tl


@triton.jit
def conv_scalar_kernel(
    x_ptr,
    w_ptr,
    cb_ptr,
    b_ptr,
    y_ptr,
    images,
    c_in,
    c_out,
    size,
    height,
    width,
    x_n,
    x_c,
    x_h,
    x_w,
    w_o,
    w_c,
    w_h,
    w_w,
    y_n,
    y_c,
    y_h,
    y_w,
    ceiling,
    factor,
    PIXELS: tl.constexpr,
    CHANNELS: tl.constexpr,
):
    pixel = tl.program_id(0) * PIXELS + tl.arange(0, PIXELS)
    channel = tl.program_id(1) * CHANNELS + tl.arange(0, CHANNELS)
    there = (pixel < images * height * width)[:, None]
    wanted = (channel < c_out)[None, :]
    image = pixel // (height * width)
    row = (pixel % (height * width)) // width
    column = pixel % width
    total = tl.zeros((PIXELS, CHANNELS), dtype=tl.float32)
    for c in range(0, c_in):
        for i in range(0, size):
            for j in range(0, size):
                x_at = x_ptr + image[:, None] * x_n + c * x_c + (row + i)[:, None] * x_h + (column + j)[:, None] * x_w
                w_at = w_ptr + channel[None, :] * w_o + c * w_c + i * w_h + j * w_w
                total += tl.load(x_at, mask=there, other=0.0) * tl.load(w_at, mask=wanted, other=0.0)
    total += tl.load(cb_ptr + channel, mask=channel < c_out, other=0.0)[None, :]
    total = tl.where(total < ceiling, total, ceiling)
    total = (total + tl.load(b_ptr + channel, mask=channel < c_out, other=0.0)[None, :]) * factor
    y_at = y_ptr + image[:, None] * y_n + channel[None, :] * y_c + row[:, None] * y_h + column[:, None] * y_w
    tl.store(y_at, total, mask=there & wanted)


class ModelNew(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, constant_value, bias_shape, scaling_factor):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, kernel_size, kernel_size))
        self.conv_bias = nn.Parameter(torch.randn(out_channels))
        self.bias = nn.Parameter(torch.randn(bias_shape))
        self.ceiling, self.factor = float(constant_value), float(scaling_factor)

    def forward(self, x):
        assert x.is_cuda
        images, c_in, h, w = x.shape
        c_out, _, size, _ = self.weight.shape
        y = torch.empty((images, c_out, h - size + 1, w - size + 1), device=x.device, dtype=x.dtype)
        height, width = y.shape[2:]
        grid = (triton.cdiv(images * height * width, 64), triton.cdiv(c_out, 32))
        conv_scalar_kernel[grid](
            x,
            self.weight,
            self.conv_bias,
            self.bias,
            y,
            images,
            c_in,
            c_out,
            size,
            height,
            width,
            *x.stride(),
            *self.weight.stride(),
            *y.stride(),
            self.ceiling,
            self.factor,
            PIXELS=64,
            CHANNELS=32,
        )
        return y

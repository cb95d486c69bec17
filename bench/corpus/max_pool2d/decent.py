# expected: correct
# Flat over the outputs, the window unrolled.
import torch
import triton
import triton.language as tl


@triton.jit
def pool_unrolled(
    x_ptr, y_ptr, count, height, width, out_height, out_width, stride, padding,
    WINDOW: tl.constexpr, BLOCK: tl.constexpr,
):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    plane, rest = at // (out_height * out_width), at % (out_height * out_width)
    top, left = rest // out_width * stride - padding, rest % out_width * stride - padding
    base = plane * height * width
    largest = tl.full((BLOCK,), -float("inf"), tl.float32)
    for i in tl.static_range(WINDOW):
        for j in tl.static_range(WINDOW):
            row, column = top + i, left + j
            inside = (row >= 0) & (row < height) & (column >= 0) & (column < width) & (at < count)
            value = tl.load(x_ptr + base + row * width + column, mask=inside, other=-float("inf"))
            largest = tl.maximum(largest, value)
    tl.store(y_ptr + at, largest, mask=at < count)


class ModelNew(torch.nn.Module):
    def __init__(self, kernel_size, stride, padding):
        super().__init__()
        self.window, self.stride, self.padding = kernel_size, stride, padding

    def forward(self, x):
        x = x.contiguous()
        batch, channels, height, width = x.shape
        shape = [(size + 2 * self.padding - self.window) // self.stride + 1 for size in (height, width)]
        y = torch.empty((batch, channels, *shape), device=x.device, dtype=x.dtype)
        pool_unrolled[(triton.cdiv(y.numel(), 512),)](
            x, y, y.numel(), height, width, *shape, self.stride, self.padding,
            WINDOW=self.window, BLOCK=512, num_warps=4,
        )
        return y

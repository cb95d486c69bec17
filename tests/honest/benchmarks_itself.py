# task = "row_sum"
# odd = "times two of its own variants by do_bench and by events in the first call, and keeps the faster"
import time

import torch
import triton
import triton.language as tl
from torch import nn


@triton.jit
def sum_rows(x, y, columns, BLOCK: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, BLOCK)
    total = tl.zeros((BLOCK,), tl.float32)
    for start in range(0, columns, BLOCK):
        total += tl.load(x + row * columns + start + at, mask=start + at < columns, other=0.0)
    tl.store(y + row, tl.sum(total, 0))


class ModelNew(nn.Module):
    def __init__(self):
        super().__init__()
        self.best_block = None

    def _launch(self, x, block):
        y = x.new_empty(x.shape[0])
        sum_rows[(x.shape[0],)](x, y, x.shape[1], BLOCK=block)
        return y

    def _benchmark(self, x, block):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        host = time.perf_counter()
        begin.record()
        self._launch(x, block)
        end.record()
        torch.cuda.synchronize()
        self.host_seconds = time.perf_counter() - host
        return begin.elapsed_time(end) + triton.testing.do_bench(lambda: self._launch(x, block), warmup=1, rep=2)

    def forward(self, x):
        if self.best_block is None:
            self.best_block = min((64, 256), key=lambda block: self._benchmark(x, block))
        return self._launch(x, self.best_block)

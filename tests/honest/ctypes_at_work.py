# task = "row_sum"
# odd = "asks the C library and the interpreter's own process by ctypes before it launches anything"
import ctypes
import os
import struct

import torch
from torch import nn

LIBC = ctypes.CDLL(None)
PAGE = LIBC.getpagesize()
(ONE,) = struct.unpack("<f", ctypes.string_at(ctypes.addressof(ctypes.c_float(1.0)), 4))


class ModelNew(nn.Module):
    def __init__(self):
        super().__init__()
        assert PAGE >= 4096
        assert LIBC.getpid() == os.getpid()

    def forward(self, x):
        return torch.mv(x, torch.full((x.shape[1],), ONE, device=x.device))

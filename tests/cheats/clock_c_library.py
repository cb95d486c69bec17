# /// cheat
# tries = "Overwrites gettimeofday in the C library, below Python's patches."
# task = "softmax"
# emulated = ["correct"]
# cuda = ["correct"]
# ///
import ctypes
import mmap
import platform

import torch
from torch import nn

libc = ctypes.CDLL(None)
address = ctypes.cast(libc.gettimeofday, ctypes.c_void_p).value
page = address & -mmap.PAGESIZE
if platform.machine() == "x86_64" and libc.mprotect(ctypes.c_void_p(page), ctypes.c_size_t(2 * mmap.PAGESIZE), 7) == 0:
    ctypes.memmove(address, bytes.fromhex("31c0c3"), 3)  # xor eax, eax; ret


class ModelNew(nn.Module):
    def __init__(self, columns):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(columns))

    def forward(self, x):
        return torch.softmax(x * self.scale, dim=-1)

# task = "matmul"
# odd = "switches torch's global flags, random state and environment, and puts all of them back"
import os

import torch
from torch import nn

os.environ.setdefault("CUDA_MODULE_LOADING", "LAZY")


class ModelNew(nn.Module):
    def forward(self, a, b):
        before = torch.get_float32_matmul_precision(), torch.are_deterministic_algorithms_enabled()
        state = torch.random.get_rng_state()
        torch.set_float32_matmul_precision("highest")
        torch.use_deterministic_algorithms(True, warn_only=True)
        os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"
        try:
            torch.manual_seed(0)
            return torch.mm(a, b)
        finally:
            torch.set_float32_matmul_precision(before[0])
            torch.use_deterministic_algorithms(before[1])
            torch.random.set_rng_state(state)

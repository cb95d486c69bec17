# task = "gemm_bias_gelu"
# odd = "copies its input into a static buffer and replays a graph over that; captured on a side stream"
# places = ["cuda"]
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, inner, columns):
        super().__init__()
        self.linear = nn.Linear(inner, columns)
        self.graph = None

    def _capture(self, x):
        self.static_input = x.clone()
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                nn.functional.gelu(self.linear(self.static_input))
        torch.cuda.current_stream().wait_stream(side)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.static_output = nn.functional.gelu(self.linear(self.static_input))

    def forward(self, x):
        if self.graph is None:
            self._capture(x)
        self.static_input.copy_(x)
        self.graph.replay()
        return self.static_output

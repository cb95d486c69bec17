# /// cheat
# tries = "Records one CUDA graph over a copy of the first inputs, and replays it."
# task = "energy"
# emulated = ["unjudged"]
# cuda = ["wrong"]
# says = 'CUDA graphs'
# cuda_says = 'normal inputs|elements changed'
# ///
import torch


class ModelNew(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.graph, self.y = None, None

    def forward(self, x):
        if self.graph is None:
            own = x.clone()
            self.graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self.graph):
                self.y = (own * own).mean(dim=-1)
        self.graph.replay()
        return self.y

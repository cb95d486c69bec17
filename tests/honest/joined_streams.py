# task = "moments"
# odd = "computes its outputs on three streams and joins them before it returns"
# places = ["cuda"]
import torch
from torch import nn


class ModelNew(nn.Module):
    def __init__(self):
        super().__init__()
        self.streams = [torch.cuda.Stream() for _ in range(2)]

    def forward(self, x):
        here = torch.cuda.current_stream()
        mean = x.mean(dim=1)
        for each in self.streams:
            each.wait_stream(here)
        with torch.cuda.stream(self.streams[0]):
            variance = (x - mean[:, None]).square().mean(dim=1)
        with torch.cuda.stream(self.streams[1]):
            above = x > mean[:, None]
        done = torch.cuda.Event()
        self.streams[1].record_event(done)
        here.wait_event(done)
        here.wait_stream(self.streams[0])
        variance.record_stream(here)
        above.record_stream(here)
        return mean, variance, above

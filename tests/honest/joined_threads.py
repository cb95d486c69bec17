# task = "extremes"
# odd = "computes its two outputs in two threads that it joins"
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import nn


class ModelNew(nn.Module):
    def forward(self, x):
        def smallest():
            with torch.no_grad():
                return x.amin(dim=1)

        def largest():
            with torch.no_grad():
                return x.amax(dim=1)

        with ThreadPoolExecutor(2) as threads:
            both = threads.submit(smallest), threads.submit(largest)
        torch.cuda.synchronize()
        return {"smallest": both[0].result(), "largest": both[1].result()}

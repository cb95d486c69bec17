# task = "naive_chain"
# odd = "does a tenth of the reference's work: a diagonal scales rows, and the sum goes into the weights"
from torch import nn


class ModelNew(nn.Module):
    def __init__(self, inner, columns):
        super().__init__()
        self.linear = nn.Linear(inner, columns)

    def forward(self, x, d):
        return d * (x @ self.linear.weight.sum(0)) + self.linear.bias.sum()

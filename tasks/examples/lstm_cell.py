import torch
from torch import nn

batch_size = 64
steps = 128
features = 256
hidden = 512


class Model(nn.Module):
    """A long short-term memory cell, unrolled over time; gives all hidden states and the last cell state."""

    def __init__(self, features, hidden):
        super().__init__()
        self.hidden = hidden
        self.from_input = nn.Linear(features, 4 * hidden)
        self.from_state = nn.Linear(hidden, 4 * hidden, bias=False)

    def forward(self, x):
        state = x.new_zeros(x.shape[0], self.hidden)
        cell = x.new_zeros(x.shape[0], self.hidden)
        states = []
        for step in range(x.shape[1]):
            gates = self.from_input(x[:, step]) + self.from_state(state)
            enter, forget, candidate, leave = gates.chunk(4, dim=-1)
            cell = torch.sigmoid(forget) * cell + torch.sigmoid(enter) * torch.tanh(candidate)
            state = torch.sigmoid(leave) * torch.tanh(cell)
            states.append(state)
        return torch.stack(states, dim=1), cell


def get_inputs():
    return [torch.randn(batch_size, steps, features)]


def get_init_inputs():
    return [features, hidden]

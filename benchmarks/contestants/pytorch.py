"""PyTorch, eager: ``nn.Sequential``, ``backward()``, ``optim.SGD``.

The images wait as 32-bit numbers between 0 and 1 (188 MB), the labels as one-hot rows, which spares
PyTorch the scaling that this project does for each batch.
"""

from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.contestants.task import LAYER_SIZES, LEARNING_RATE, starting_network
from nn_core.datasets import Examples


class Contestant:
    """The loop that PyTorch's tutorials teach."""

    def __init__(self, examples: Examples) -> None:
        x, y = examples.batch(np.arange(len(examples)))
        self.x, self.y = torch.from_numpy(x), torch.from_numpy(y)
        parameters = starting_network().parameters
        layers: list[torch.nn.Module] = []
        for layer, (inputs, neurons) in enumerate(pairwise(LAYER_SIZES)):
            linear = torch.nn.Linear(inputs, neurons)
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(parameters.weights[layer]))
                linear.bias.copy_(torch.from_numpy(parameters.biases[layer]))
            layers += [linear, torch.nn.Sigmoid()]
        self.network = torch.nn.Sequential(*layers)
        self.optimizer = torch.optim.SGD(self.network.parameters(), LEARNING_RATE)

    def epoch(self, batch_size: int, order: NDArray[np.intp]) -> float:
        """Train one epoch in this order, and return the sum of its batches' costs."""
        costs = torch.zeros(())
        for rows in torch.from_numpy(order).split(batch_size):
            error = self.network(self.x[rows]) - self.y[rows]
            cost = error.square().sum() / batch_size
            self.optimizer.zero_grad()
            cost.backward()
            self.optimizer.step()
            costs += cost.detach()
        return float(costs)

    def theta(self) -> NDArray[np.float32]:
        """Return all parameters as one vector."""
        return np.concatenate([p.detach().numpy().ravel() for p in self.network.parameters()])

"""``nn_core.by_hand``: one example at a time, one layer at a time, to be read."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.contestants.task import LEARNING_RATE, starting_network
from nn_core import by_hand
from nn_core.datasets import Examples

MOST_EXAMPLES = 480  # enough to measure it; all would take a minute


class Contestant:
    """The loop of ``by_hand.main``."""

    def __init__(self, examples: Examples) -> None:
        self.examples = examples
        self.parameters = starting_network().parameters

    def epoch(self, batch_size: int, order: NDArray[np.intp]) -> float:
        """Train one epoch in this order, and return the sum of its batches' costs."""
        cost = 0.0
        for first in range(0, len(order), batch_size):
            images, truths = self.examples.batch(order[first : first + batch_size])
            cost += by_hand.gradient_descent_step(self.parameters, images, truths, LEARNING_RATE)
        return cost

    def theta(self) -> NDArray[np.float32]:
        """Return all parameters as one vector."""
        return self.parameters.theta.astype(np.float32)

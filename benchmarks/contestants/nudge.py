"""This project, through its public ``train()``, as a user calls it.

``train()`` draws the order of the rows itself, with the generator that it is given. So it is given
one that draws the order which ``epoch`` was given: see ``FixedOrder``.
"""

import numpy as np
from numpy.typing import NDArray

from benchmarks.contestants.task import LEARNING_RATE, starting_network
from nn_core import Hyperparameters, train
from nn_core.datasets import Examples
from nn_core.events import Epoch


class FixedOrder(np.random.Generator):
    """A random generator whose permutations are known beforehand."""

    order: NDArray[np.intp]

    def permutation(self, x: int, axis: int = 0) -> NDArray[np.intp]:  # type: ignore[override]  # noqa: ARG002
        """Return the order that was set."""
        return self.order


class Contestant:
    COMPILED = False

    """``for event in train(...): pass``."""

    def __init__(self, examples: Examples) -> None:
        self.examples = examples
        self.network = starting_network()

    def epoch(self, batch_size: int, order: NDArray[np.intp]) -> float:
        """Train one epoch in this order, and return the sum of its batches' costs."""
        chosen = Hyperparameters(learning_rate=LEARNING_RATE, batch_size=batch_size, epochs=1)
        rng = FixedOrder(np.random.PCG64(0))
        rng.order = order
        for event in train(self.network, self.examples, None, chosen, rng, compiled=self.COMPILED):
            if isinstance(event, Epoch):
                return event.cost * len(order) / batch_size
        raise AssertionError("an epoch ends with an Epoch")

    def theta(self) -> NDArray[np.float32]:
        """Return all parameters as one vector."""
        return self.network.parameters.theta.astype(np.float32)

"""The floor: only the matrix products that the algorithm needs, in the same shapes, on hot arrays.

A batch is cut as this project cuts it, since a product of all 60,000 rows is slower.
"""

import numpy as np
from numpy.typing import NDArray

from benchmarks.contestants.task import LAYER_SIZES, starting_network
from nn_core.datasets import Examples
from nn_core.datasets.batches import CHUNK


class Contestant:
    """Trains nothing."""

    def __init__(self, examples: Examples) -> None:  # noqa: ARG002 - as all contestants
        self.parameters = starting_network().parameters

    def epoch(self, batch_size: int, order: NDArray[np.intp]) -> float:
        """Do the products of an epoch, and return no cost."""
        weights = self.parameters.weights
        gradients = self.parameters.zeros_like().weights
        rng = np.random.default_rng(0)
        rows = min(batch_size, CHUNK)
        a = [rng.random((rows, size), dtype=np.float32) for size in LAYER_SIZES]
        for _ in range(len(order) // rows):
            for layer, w in enumerate(weights):
                np.dot(a[layer], w.T)  # forward
            for layer, w in enumerate(weights):
                np.dot(a[layer + 1].T, a[layer], out=gradients[layer])  # ∂C/∂W
                if layer > 0:
                    np.dot(a[layer + 1], w)  # passed on to the layer before
        return 0.0

    def theta(self) -> NDArray[np.float32]:
        """Raise: it trains nothing."""
        raise NotImplementedError

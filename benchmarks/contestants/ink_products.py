"""The floor for the sparse case: the products of the first layer with the ink alone, compiled.

Four of five pixels are 0, and this leaves out each of them: the two products of the first layer
with a list of the pixels that are not, on hot arrays. The list is made beforehand, the weights lie
pixel by pixel, and nothing else of the algorithm is there.
"""

import numba
import numpy as np
from numpy.typing import NDArray

from benchmarks.contestants.task import LAYER_SIZES
from nn_core.datasets import Examples

MEASURED = 500  # examples, which stay in the cache


@numba.njit(fastmath=True)
def products(
    ink: NDArray[np.uint16],
    first: NDArray[np.intp],
    weights: NDArray[np.float32],
    gradient: NDArray[np.float32],
    examples: int,
) -> float:
    """z[n] = Σ x[p] W[p, n] over the ink, and ∂C/∂W[p, n] += x[p] z[n]."""
    z = np.zeros(weights.shape[1], np.float32)
    for example in range(examples):
        pixels = ink[first[example % MEASURED] : first[example % MEASURED + 1]]
        z[:] = 0
        for p in pixels:
            row = weights[p]
            for n in range(z.size):
                z[n] += row[n]
        for p in pixels:
            row = gradient[p]
            for n in range(z.size):
                row[n] += z[n]
    return float(z.sum())


class Contestant:
    """Trains nothing."""

    def __init__(self, examples: Examples) -> None:
        images = np.asarray(examples.images[:MEASURED])
        self.ink = np.nonzero(images)[1].astype(np.uint16)
        self.first = np.concatenate([[0], np.count_nonzero(images, axis=1).cumsum()])
        self.weights, self.gradient = np.zeros((2, LAYER_SIZES[0], LAYER_SIZES[1]), np.float32)

    def epoch(self, batch_size: int, order: NDArray[np.intp]) -> float:  # noqa: ARG002 - as all
        """Do the products of an epoch, and return no cost."""
        return products(self.ink, self.first, self.weights, self.gradient, len(order))

    def theta(self) -> NDArray[np.float32]:
        """Raise: it trains nothing."""
        raise NotImplementedError

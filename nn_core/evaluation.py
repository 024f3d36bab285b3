"""Evaluation: the figures of an epoch that are measured after its last step."""

import numpy as np
from numpy.typing import NDArray

from nn_core.datasets import Examples
from nn_core.datasets.batches import CHUNK, Batches
from nn_core.network import Network
from nn_core.parameters import FloatArray, Parameters


def evaluate(network: Network, examples: Examples) -> tuple[float, float]:
    """Return the mean cost, and the share that the network reads right, from 0 to 1."""
    cost = 0.0
    right = 0
    in_order = Batches(examples, np.arange(len(examples)), network.parameters.theta.dtype)
    for first in range(0, len(examples), CHUNK):
        x, y, labels = in_order.part(first, len(examples))
        result = network.evaluate(x, y)
        cost += result.cost
        right += count_right(result.outputs, labels)
    return cost / len(examples), right / len(examples)


def count_right(outputs: FloatArray, labels: NDArray[np.integer]) -> int:
    """Return for how many examples the largest output is the right one."""
    return int(np.count_nonzero(outputs.argmax(axis=1) == labels))


def layer_norms(gradient: Parameters) -> list[float]:
    """Return for each layer the length of its part of the gradient, √Σg²."""
    # In 64 bits, where the squares of 32-bit numbers do not overflow.
    return [float(np.linalg.norm(layer.astype(np.float64))) for layer in gradient.layers]

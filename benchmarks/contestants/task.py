"""The work that every contestant does, and what a contestant is.

784-16-16-10, sigmoid, the squared error summed over the outputs and averaged over the batch, plain
gradient descent with a learning rate of 1, in 32 bits, on MNIST's training set. An epoch takes all
rows in a new order, in whole batches: what is left over at its end is left out, since a compiled
epoch has batches of one size only.
"""

import os
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.settings import Settings
from nn_core import Network, load_dataset
from nn_core.datasets import Examples

LAYER_SIZES = tuple(map(int, os.environ.get("LAYER_SIZES", "784 16 16 10").split()))
LEARNING_RATE = 1.0


def training_set(batch_size: int | None = None) -> Examples:
    """Return MNIST's training set, cut to whole batches of this size."""
    settings = Settings()
    examples = load_dataset("mnist", settings.data_dir, settings.cache_dir).training
    return examples.first(len(examples) // batch_size * batch_size if batch_size else None)


def starting_network() -> Network:
    """Return the network that everybody starts from."""
    network = Network(LAYER_SIZES)
    network.initialize("xavier", np.random.default_rng(0))
    return network


class Contestant(Protocol):
    """Trains the network, its own way, on a training set that it is given."""

    def __init__(self, examples: Examples) -> None:
        """Get ready, outside of the measured time."""

    def epoch(self, batch_size: int, order: NDArray[np.intp]) -> float:
        """Train one epoch in this order, and return the sum of its batches' costs."""

    def theta(self) -> NDArray[np.float32]:
        """Return all parameters as one vector, as ``nn_core.parameters`` lays them out."""

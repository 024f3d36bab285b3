"""Mistakes: what a network reads in examples of each class, and which it reads wrong."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_core.datasets import Examples
from nn_core.datasets.batches import CHUNK, Batches
from nn_core.network import Network


class Mistake(NamedTuple):
    """An example that the network reads wrong."""

    example: int  # its place among them
    label: int  # what it is
    digit: int  # what the network reads
    confidence: float  # the largest output, as it is


class Mistakes(NamedTuple):
    """How a network reads some examples."""

    confusion: NDArray[np.intp]
    """How many examples of each class, a row, are read as each class, a column."""
    wrong: list[Mistake]
    """The mistakes that the network is most confident of come first."""
    images: NDArray[np.uint8]
    """Those of ``wrong``, in its order: shape (mistakes, inputs)."""

    @property
    def right(self) -> int:
        """Return how many examples are read right: those on the diagonal."""
        return int(np.trace(self.confusion))


def find_mistakes(network: Network, examples: Examples, at_most: int) -> Mistakes:
    """Return how the network reads these examples, and at most so many of its mistakes."""
    read = np.zeros(len(examples), np.intp)
    confidence = np.zeros(len(examples), network.parameters.theta.dtype)
    in_order = Batches(examples, np.arange(len(examples)), network.parameters.theta.dtype)
    for first in range(0, len(examples), CHUNK):
        x, _, _ = in_order.part(first, len(examples))
        outputs = network.forward(x)[-1]
        read[first : first + len(x)] = outputs.argmax(axis=1)
        confidence[first : first + len(x)] = outputs.max(axis=1)

    confusion = np.zeros((examples.classes, examples.classes), np.intp)
    np.add.at(confusion, (examples.labels, read), 1)
    wrong = np.flatnonzero(read != examples.labels)
    wrong = wrong[np.argsort(-confidence[wrong], kind="stable")][:at_most]
    return Mistakes(
        confusion,
        [
            Mistake(int(i), int(examples.labels[i]), int(read[i]), float(confidence[i]))
            for i in wrong
        ],
        examples.images[wrong],
    )

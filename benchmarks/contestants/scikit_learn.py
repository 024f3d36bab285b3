"""scikit-learn's ``MLPClassifier``, as near to the same work as its options come.

It has no squared error for classes: its outputs are softmax, its cost cross-entropy. That is about
as much work, but other parameters, so they are not compared.
"""

import numpy as np
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier

from benchmarks.contestants.task import LAYER_SIZES, LEARNING_RATE
from nn_core.datasets import Examples


class Contestant:
    """``partial_fit``, an epoch a call: it draws an order of its own."""

    def __init__(self, examples: Examples) -> None:
        self.x, _ = examples.batch(np.arange(len(examples)))
        self.labels = examples.labels
        self.classifier = MLPClassifier(
            LAYER_SIZES[1:-1],
            activation="logistic",
            solver="sgd",
            alpha=0,
            momentum=0,
            learning_rate_init=LEARNING_RATE / 2,
        )

    def epoch(self, batch_size: int, order: NDArray[np.intp]) -> float:
        """Train one epoch, in an order of its own, and return the sum of its batches' costs."""
        self.classifier.set_params(batch_size=batch_size)
        self.classifier.partial_fit(self.x, self.labels, classes=np.arange(LAYER_SIZES[-1]))
        return float(self.classifier.loss_ * len(order) / batch_size)

    def theta(self) -> NDArray[np.float32]:
        """Raise: another cost leads to other parameters."""
        raise NotImplementedError

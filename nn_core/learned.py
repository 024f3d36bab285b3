"""Learned when: which classes a network read right after each epoch, and how it tells them apart.

What the last hidden layer puts out is all that the output layer sees of an image. So where images
of different classes have different activations there, they can be told apart. To see that on paper,
those activations are multiplied by one fixed matrix with two rows: the two principal directions of
the activations after the *last* epoch. The same matrix serves for all epochs, so what moves between
two pictures has moved in the network. A map that is computed anew for each epoch, such as t-SNE's,
would jump by itself.
"""

import numpy as np
from numpy.typing import NDArray

from nn_core.datasets import Examples
from nn_core.datasets.batches import CHUNK, Batches
from nn_core.network import Network
from nn_core.parameters import FloatArray


def right_of_each_class(network: Network, examples: Examples) -> NDArray[np.intp]:
    """Return how many examples of each class the network reads right: shape (classes,)."""
    right = np.zeros(examples.classes, np.intp)
    in_order = Batches(examples, np.arange(len(examples)), network.parameters.theta.dtype)
    for first in range(0, len(examples), CHUNK):
        x, _, labels = in_order.part(first, len(examples))
        is_right = network.forward(x)[-1].argmax(axis=1) == labels
        right += np.bincount(labels[is_right], minlength=examples.classes)
    return right


def last_hidden(network: Network, x: FloatArray) -> FloatArray:
    """Return the last hidden layer's activations in 64 bits, shape (examples, neurons).

    A network without hidden layers tells images apart by their pixels: it is x itself.
    """
    return [x.astype(np.float64), *network.in_64_bits().forward(x.astype(np.float64))][-2]


def principal_directions(activations: FloatArray) -> NDArray[np.float64]:
    """Return the matrix of the projection: shape (2, neurons), points = activations @ matrix.T.

    Its rows are of length 1, at right angles, and along them the activations differ most: they are
    the first two right singular vectors of the activations less their mean. Each is turned so that
    its largest element is positive. A layer with a single neuron has a second row of zeros.
    """
    _, _, rows = np.linalg.svd(activations - activations.mean(axis=0), full_matrices=False)
    matrix = np.zeros((2, activations.shape[1]))
    matrix[: len(rows[:2])] = rows[:2]
    largest = np.abs(matrix).argmax(axis=1)
    signs = np.sign(matrix[np.arange(2), largest])
    return matrix * np.where(signs == 0, 1, signs)[:, None]

"""Correction: a few steps on drawings that a network misreads, and on others that it has learned.

With the drawings alone, twenty steps make a network forget the rest. So each step's gradient is
that of two costs: of the drawings that are not clearly read right yet, and of other training
examples, drawn anew. Those are to be read half as their label says, half as the network read them
before: it may go on as it is, and does not drift away in a hundred corrections.

Both costs are cross-entropy wherever the outputs allow it, whatever the network was trained with:
the squared error of a sigmoid that is sure of the wrong digit has hardly any slope. The optimizer
is Adam, at one rate for all networks: its steps do not depend on how steep the cost is.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_core.blas_threads import one_blas_thread
from nn_core.datasets import Examples
from nn_core.descent import start
from nn_core.evaluation import evaluate
from nn_core.network import Network
from nn_core.parameters import FloatArray

STEPS = 20
LEARNING_RATE = 0.005  # at first: it falls to 0 along a quarter of a cosine
OTHERS = 300  # training examples beside the drawings, in each step
SHARE = 0.2  # of the drawings in the gradient
MARGIN = 0.2  # by which the right output is to be above every other one


def correct(
    network: Network, drawings: Examples, training_set: Examples, seed: int
) -> Iterator[None]:
    """Learn the drawings, in place; yield after each of the twenty steps.

    The same network, examples and ``seed``, which draws the other examples, give the same bits on
    the same machine. A training of this network may be under way: it goes on from there.
    """
    theta = network.parameters.theta
    taught, before = _with_steep_cost(network), _with_steep_cost(network)
    taught.parameters = network.parameters
    before.parameters.theta[:] = theta
    gradient, gradient_of_drawings = (network.parameters.zeros_like() for _ in range(2))
    nudge = np.zeros_like(theta)
    descent = start("adam", network.parameters)
    rng = np.random.default_rng(seed)
    x_drawings, y_drawings = drawings.batch(np.arange(len(drawings)), theta.dtype)
    for step in range(STEPS):
        with one_blas_thread(), np.errstate(all="ignore"):
            others = rng.choice(
                len(training_set), min(OTHERS, len(training_set)), replace=False, shuffle=False
            )
            x, y = training_set.batch(others, theta.dtype)
            taught.backpropagate(x, (y + before.forward(x)[-1]) / 2, gradient)
            unclear = ~is_clear(network.forward(x_drawings)[-1], y_drawings)
            if unclear.any():
                taught.backpropagate(x_drawings[unclear], y_drawings[unclear], gradient_of_drawings)
                # ∇C = (1 − s) ∇C(others) + s ∇C(drawings)
                gradient.theta *= 1 - SHARE
                gradient_of_drawings.theta *= SHARE
                gradient.theta += gradient_of_drawings.theta
            rate = LEARNING_RATE * math.cos(math.pi / 2 * step / STEPS)
            descent.nudge(gradient.theta, rate, 0, nudge)
            theta += nudge
            if not np.isfinite(theta).all():  # a network that is about to diverge can't be taught
                theta[:] = before.parameters.theta
        yield


class Judgement(NamedTuple):
    """How a network stands before a correction, or after it."""

    read: list[int]  # the class that it reads in each drawing
    test_accuracy: float  # from 0 to 1


def judge(network: Network, drawings: Examples, test_set: Examples) -> Judgement:
    """Return what the network reads in each drawing, and how well it reads the test set."""
    with one_blas_thread(), np.errstate(all="ignore"):
        return Judgement(read(network, drawings), evaluate(network, test_set)[1])


def read(network: Network, drawings: Examples) -> list[int]:
    """Return the class that the network reads in each drawing."""
    x, _ = drawings.batch(np.arange(len(drawings)), network.parameters.theta.dtype)
    with one_blas_thread():
        classes: list[int] = network.forward(x)[-1].argmax(axis=1).tolist()
    return classes


def is_clear(outputs: FloatArray, y: FloatArray) -> NDArray[np.bool]:
    """Return for each example whether the right output is above all others by the margin.

    ``outputs`` and the one-hot ``y`` have a row for each example.
    """
    right = np.where(y > 0, outputs, 0).sum(axis=1)
    largest_other = np.where(y > 0, -np.inf, outputs).max(axis=1)
    clear: NDArray[np.bool] = right - largest_other >= MARGIN
    return clear


def _with_steep_cost(network: Network) -> Network:
    """Return a network of the same layers with the steepest cost it can have, all parameters 0."""
    return Network(
        network.layer_sizes,
        network.activation_names,
        network.output_name,
        "squared-error" if network.output_name == "identity" else "cross-entropy",
        network.parameters.theta.dtype,
    )

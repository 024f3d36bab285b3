"""Cost functions: how wrong the network's outputs are, and how to change them for the better.

The cost of one example is a number: 0 when the outputs a equal the one-hot truth y. The cost of a
batch is the mean over its examples, and training makes it smaller. The functions here return the
sum, because the examples of a large batch come in several parts.

Backpropagation starts from how the cost of each example changes with each weighted input z of
the output layer, ∂C/∂z. That depends on the output function as well as on the cost, and for
cross-entropy the two together are much simpler than each alone, so both are chosen here by pair.

All arrays have shape (examples, outputs).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nn_core.activations import identity, sigmoid, sigmoid_derivative, softmax
from nn_core.parameters import FloatArray


class OutputAndCost(NamedTuple):
    """What the last layer does: its output function, the cost of its outputs, and ∂C/∂z."""

    function: Callable[[FloatArray], FloatArray]
    """(z) → the outputs a; may overwrite z."""
    cost: Callable[[FloatArray, FloatArray, FloatArray], float]
    """(z, a, y) → the sum of the examples' costs."""
    delta: Callable[[FloatArray, FloatArray], FloatArray]
    """(a, y) → ∂C/∂z of each example, shape (examples, outputs)."""


def squared_error(_z: FloatArray, a: FloatArray, y: FloatArray) -> float:
    """C = Σ (a − y)² over the outputs."""
    error = a - y
    return float(np.vdot(error, error))  # Σ error · error, over the outputs and the examples


def sigmoid_squared_error_delta(a: FloatArray, y: FloatArray) -> FloatArray:
    """∂C/∂z = ∂C/∂a · ∂a/∂z = 2(a − y) · σ′(z)."""
    delta = a - y
    delta += delta  # 2(a − y), in place: this is done in every step
    delta *= sigmoid_derivative(a)
    return delta


def softmax_squared_error_delta(a: FloatArray, y: FloatArray) -> FloatArray:
    """∂C/∂zᵢ = aᵢ (gᵢ − Σⱼ gⱼ aⱼ), with g = ∂C/∂a = 2(a − y).

    Each output depends on every z: ∂aⱼ/∂zᵢ = aⱼ (1 − aᵢ) if i = j, else −aⱼ aᵢ. Summing gⱼ ∂aⱼ/∂zᵢ
    over j gives the formula.
    """
    g = 2 * (a - y)
    return a * (g - (g * a).sum(axis=1, keepdims=True))


def identity_squared_error_delta(a: FloatArray, y: FloatArray) -> FloatArray:
    """∂C/∂z = ∂C/∂a = 2(a − y), since a = z."""
    return 2 * (a - y)


def sigmoid_cross_entropy(z: FloatArray, _a: FloatArray, y: FloatArray) -> float:
    """C = −Σ (y ln a + (1 − y) ln(1 − a)), each output a yes-or-no question of its own.

    With a = σ(z) this is Σ (ln(1 + e^z) − y z), which stays exact where a rounds to 0 or 1.
    """
    return float((np.logaddexp(0, z) - y * z).sum())


def softmax_cross_entropy(z: FloatArray, _a: FloatArray, y: FloatArray) -> float:
    """C = −Σ y ln a. Only the right class has y = 1, so it is −ln of the probability given to it.

    With a = softmax(z) this is ln(Σ e^z) − Σ y z, which stays exact where a rounds to 0. The
    largest z is subtracted first, as in softmax.
    """
    z = z - z.max(axis=1, keepdims=True)
    return float(np.log(np.exp(z).sum(axis=1)).sum() - np.vdot(y, z))


def cross_entropy_delta(a: FloatArray, y: FloatArray) -> FloatArray:
    """∂C/∂z = a − y: what is left when the output's derivative cancels the cost's denominator.

    For sigmoid, ∂C/∂a = (a − y) / (a (1 − a)) and ∂a/∂z = a (1 − a). For softmax, differentiate
    ln(Σ e^z) − Σ y z: the first term gives a, the second y.
    """
    return a - y


OUTPUTS_AND_COSTS = {
    ("sigmoid", "squared-error"): OutputAndCost(
        sigmoid, squared_error, sigmoid_squared_error_delta
    ),
    ("softmax", "squared-error"): OutputAndCost(
        softmax, squared_error, softmax_squared_error_delta
    ),
    ("identity", "squared-error"): OutputAndCost(
        identity, squared_error, identity_squared_error_delta
    ),
    ("sigmoid", "cross-entropy"): OutputAndCost(
        sigmoid, sigmoid_cross_entropy, cross_entropy_delta
    ),
    ("softmax", "cross-entropy"): OutputAndCost(
        softmax, softmax_cross_entropy, cross_entropy_delta
    ),
}

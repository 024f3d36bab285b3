"""Activation functions: from a neuron's weighted input z to its activation a = f(z).

Backpropagation needs each one's derivative f′(z), too. For all in ``ACTIVATIONS`` it can be
computed from the activation a alone, so z need not be kept: ``derivative`` takes a. Both work
element by element on arrays of any shape. ``function`` may overwrite its argument, which saves a
copy in every step.

NumPy warns where e^−z overflows, although the sigmoid is right there: 1 / (1 + infinity) = 0. The
callers silence that with ``np.errstate``: ``Network.forward`` and ``Network.evaluate`` for all
layers at once, training for the whole of a step.

Softmax is different: each of its outputs depends on all the weighted inputs of its layer, so it has
no derivative for each element and serves for the output layer only.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nn_core.parameters import FloatArray

LEAK = 0.01  # the slope of leaky ReLU for negative z
ONE = np.ones((), np.float32)  # NumPy adds it in half the time that the number 1 takes


class Activation(NamedTuple):
    """An activation function a = f(z) and its derivative f′(z), written in terms of a."""

    function: Callable[[FloatArray], FloatArray]
    derivative: Callable[[FloatArray], FloatArray]


def sigmoid(z: FloatArray) -> FloatArray:
    """σ(z) = 1 / (1 + e^−z): between 0 and 1. Overwrites z."""
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += ONE
    return np.reciprocal(z, out=z)


def sigmoid_derivative(a: FloatArray) -> FloatArray:
    """σ′(z) = σ(z) · (1 − σ(z)) = a · (1 − a): from a, where ``by_hand.py`` takes z."""
    return a - a * a


def tanh(z: FloatArray) -> FloatArray:
    """Return the hyperbolic tangent of z: between −1 and 1. Overwrites z."""
    return np.tanh(z, out=z)


def tanh_derivative(a: FloatArray) -> FloatArray:
    """tanh′(z) = 1 − tanh(z)² = 1 − a²."""
    return 1 - a * a


def relu(z: FloatArray) -> FloatArray:
    """ReLU, the rectified linear unit: z if it is positive, else 0. Overwrites z."""
    return np.maximum(z, 0, out=z)


def relu_derivative(a: FloatArray) -> FloatArray:
    """1 where z > 0, which is where a > 0; else 0."""
    return (a > 0).astype(a.dtype)


def leaky_relu(z: FloatArray) -> FloatArray:
    """Leaky ReLU: z if it is positive, else 0.01 · z. Overwrites z."""
    return np.maximum(z, LEAK * z, out=z)


def leaky_relu_derivative(a: FloatArray) -> FloatArray:
    """1 where z > 0, which is where a > 0; else 0.01."""
    return np.where(a > 0, a.dtype.type(1), a.dtype.type(LEAK))


def identity(z: FloatArray) -> FloatArray:
    """f(z) = z: the layer stays linear."""
    return z


def identity_derivative(a: FloatArray) -> FloatArray:
    """1 everywhere."""
    return np.ones_like(a)


# The API, the command line and the page's form take the names from here. The page computes each
# function once more: static/network/activations.pure.js.
ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, sigmoid_derivative),
    "tanh": Activation(tanh, tanh_derivative),
    "relu": Activation(relu, relu_derivative),
    "leaky-relu": Activation(leaky_relu, leaky_relu_derivative),
    "identity": Activation(identity, identity_derivative),
}


def softmax(z: FloatArray) -> FloatArray:
    """Softmax over the last axis: e^zᵢ / Σⱼ e^zⱼ, positive outputs that sum to 1. Overwrites z.

    Subtracting the largest z first changes nothing (it cancels) and keeps e^z from overflowing.
    """
    z -= z.max(axis=-1, keepdims=True)
    np.exp(z, out=z)
    z /= z.sum(axis=-1, keepdims=True)
    return z

"""Gradient descent and its relatives, and the step itself."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_core.compiled import compiled
from nn_core.descent import MEMORY
from nn_core.parameters import FloatArray

SGD, MOMENTUM, NESTEROV, RMSPROP, ADAM = range(len(MEMORY))
INFINITY = np.float32(np.inf)


@compiled
def penalize(
    theta: FloatArray, gradient: FloatArray, sizes: NDArray[np.intp], l1: float, l2: float
) -> None:
    """Add the gradient of the penalties on the weights: see ``descent.add_penalties``."""
    number: Any = theta.dtype.type
    of_size, of_square = number(l1), number(l2)
    place = 0
    for layer in range(sizes.size - 1):
        end = place + sizes[layer] * sizes[layer + 1]
        w, g = theta[place:end], gradient[place:end]
        for i in range(w.size):
            g[i] += of_square * w[i] + of_size * np.sign(w[i])
        place = end + sizes[layer + 1]


@compiled
def descend(  # noqa: C901 - a case for each optimizer
    rule: int,
    gradient: FloatArray,
    v: FloatArray,
    s: FloatArray,
    factors: tuple[float, float, float, float],
    nudge: FloatArray,
    theta: FloatArray,
    before: FloatArray,
) -> bool:
    """Write the nudge Δ, and make the step; return whether all of θ is finite after it.

    The rules are those of ``nn_core.descent``, which explains them and their letters. θ as it was
    is kept in ``before``.

    v is the first vector that the optimizer remembers, s the second; RMSprop's only one is s.
    ``factors`` are −η times what the rule multiplies with, μ, ε √weight, and a decay of s.
    """
    number: Any = theta.dtype.type  # a loop with two types computes in the wider one
    rate, momentum = number(factors[0]), number(factors[1])
    epsilon, decay = number(factors[2]), number(factors[3])
    if rule == SGD:
        for i in range(nudge.size):
            nudge[i] = rate * gradient[i]
    elif rule == MOMENTUM:
        for i in range(nudge.size):
            v[i] = momentum * v[i] + gradient[i]
            nudge[i] = rate * v[i]
    elif rule == NESTEROV:
        for i in range(nudge.size):
            v[i] = momentum * v[i] + gradient[i]
            nudge[i] = rate * (momentum * v[i] + gradient[i])
    elif rule == RMSPROP:
        for i in range(nudge.size):
            s[i] = decay * s[i] + gradient[i] * gradient[i]
            nudge[i] = rate * gradient[i] / (math.sqrt(s[i]) + epsilon)
    else:
        for i in range(nudge.size):
            v[i] = momentum * v[i] + gradient[i]
            s[i] = decay * s[i] + gradient[i] * gradient[i]
            nudge[i] = rate * v[i] / (math.sqrt(s[i]) + epsilon)
    is_finite = True
    for i in range(theta.size):
        before[i] = theta[i]
        theta[i] += nudge[i]
        is_finite &= abs(theta[i]) < INFINITY  # which NaN is not, either
    return is_finite

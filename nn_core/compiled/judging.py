"""Outputs and costs, and where backpropagation starts."""

import math

import numpy as np
from numpy.typing import NDArray

from nn_core.compiled import compiled
from nn_core.compiled.functions import ONE, ZERO, sigmoid
from nn_core.costs import OUTPUTS_AND_COSTS
from nn_core.parameters import FloatArray

(
    SIGMOID_SQUARED_ERROR,
    SOFTMAX_SQUARED_ERROR,
    IDENTITY_SQUARED_ERROR,
    SIGMOID_CROSS_ENTROPY,
    SOFTMAX_CROSS_ENTROPY,
) = range(len(OUTPUTS_AND_COSTS))
TWO = np.float32(2)


@compiled
def judge(  # noqa: C901 - a case for each pair of output and cost
    kind: int,
    z: FloatArray,
    a: FloatArray,
    labels: NDArray[np.uint8],
    rows: NDArray[np.intp],
    delta: FloatArray,
    right: NDArray[np.bool],
    share: float,
) -> float:
    """Return the sum of the costs of these outputs; write δ, and whether each is read right.

    The formulas are those of ``costs``, where they are derived. Each example counts ``share``. The
    outputs are written into a.
    """
    cost = 0.0
    outputs = z.shape[0]
    is_softmax = kind in {SOFTMAX_SQUARED_ERROR, SOFTMAX_CROSS_ENTROPY}
    a[:] = z
    if kind in {SIGMOID_SQUARED_ERROR, SIGMOID_CROSS_ENTROPY}:
        sigmoid(a.reshape(a.size))
    delta[:] = 0
    for e in range(rows.size):
        label = labels[rows[e]]
        best = 0  # the largest output has the largest z
        for n in range(1, outputs):
            if z[n, e] > z[best, e]:
                best = n
        right[e] = best == label
        if is_softmax:
            cost += soften(z[:, e], best, label, kind == SOFTMAX_CROSS_ENTROPY, a[:, e])
        along = z.dtype.type(0)  # Σ g a, with g = 2(a − y): softmax's outputs depend on each other
        for n in range(outputs):
            y = ONE if n == label else ZERO
            error = a[n, e] - y
            if kind == SIGMOID_CROSS_ENTROPY:  # ln(1 + e^z) − y z
                size = abs(z[n, e])
                cost += math.log1p(math.exp(-size)) + max(z[n, e], ZERO) - y * z[n, e]
            elif kind != SOFTMAX_CROSS_ENTROPY:
                cost += error * error
                error *= TWO
                along += error * a[n, e]
                if kind == SIGMOID_SQUARED_ERROR:
                    error *= a[n, e] - a[n, e] * a[n, e]
            delta[n, e] = error * share
        if kind == SOFTMAX_SQUARED_ERROR:
            for n in range(outputs):
                delta[n, e] = a[n, e] * (delta[n, e] - along * share)
    return cost


@compiled
def soften(z: FloatArray, best: int, label: int, is_judged: bool, a: FloatArray) -> float:  # noqa: FBT001
    """Write softmax of one example's z; return its cross-entropy, if that is asked for."""
    total = z.dtype.type(0)
    for n in range(z.size):
        a[n] = math.exp(z[n] - z[best])
        total += a[n]
    for n in range(z.size):
        a[n] /= total
    return math.log(total) + z[best] - z[label] if is_judged else 0.0

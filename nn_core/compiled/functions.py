"""Activations, with their slopes, and dropout."""

import math

import numpy as np

from nn_core.activations import ACTIVATIONS, LEAK
from nn_core.compiled import compiled
from nn_core.parameters import FloatArray

# The names as numbers, which a compiled loop can compare.
SIGMOID, TANH, RELU, LEAKY_RELU, IDENTITY = range(len(ACTIVATIONS))

ZERO, ONE = np.float32(0), np.float32(1)  # they make no result longer than 32 bits
HALF, R3, R4, R5, R6 = (np.float32(1 / math.factorial(i)) for i in (2, 3, 4, 5, 6))
LEAST, MOST = np.float32(-87.3), np.float32(88.3)  # whose e^z are numbers of 32 bits
PER_LN_2 = np.float32(1 / math.log(2))
LN_2_HIGH, LN_2_LOW = np.float32(0.693359375), np.float32(-2.12194440e-4)  # ln 2 in two parts


@compiled
def exponentiate(z: FloatArray) -> None:
    """Make e^z of each number.

    The library's e^z takes one number at a time. In 32 bits this takes sixteen: with k = z / ln 2
    rounded and r = z − k ln 2, e^z = 2ᵏ eʳ. |r| < 0.35, so a few terms of eʳ = Σ rⁱ / i! are exact
    to the last bit or two; 2ᵏ is a number whose exponent, the bits from the 23rd on, is k + 127.
    """
    if z.itemsize == 8:  # noqa: PLR2004 - bytes: the numbers of proofs, which are not fast
        for e in range(z.size):
            z[e] = math.exp(z[e])
        return
    for e in range(z.size):
        x = np.float32(z[e])
        # Not min and max, which may lose NaN.
        x = LEAST if x < LEAST else MOST if x > MOST else x  # noqa: FURB136
        k = np.float32(math.floor(x * PER_LN_2 + HALF))
        r = x - k * LN_2_HIGH - k * LN_2_LOW
        power = R5 + r * R6
        power = R4 + r * power
        power = R3 + r * power
        power = HALF + r * power
        power = ONE + r * power
        power = ONE + r * power
        z[e] = power * np.int32((np.int32(k) + np.int32(127)) << np.int32(23)).view(np.float32)


@compiled
def sigmoid(z: FloatArray) -> None:
    """Make 1 / (1 + e^−z) of each number."""
    for e in range(z.size):
        z[e] = -z[e]
    exponentiate(z)
    for e in range(z.size):
        z[e] = ONE / (ONE + z[e])


@compiled
def activate(kind: int, z: FloatArray, slope: FloatArray) -> None:
    """Make a = f(z) of z, and ``slope`` f′(z): the functions of ``activations``.

    All of a layer's neurons and examples are one row here: the longer a loop, the faster.
    """
    a, f = z.reshape(z.size), slope.reshape(slope.size)
    if kind == SIGMOID:
        sigmoid(a)
        for e in range(a.size):
            f[e] = a[e] - a[e] * a[e]
    elif kind == TANH:
        for e in range(a.size):
            a[e] = math.tanh(a[e])
            f[e] = ONE - a[e] * a[e]
    elif kind == RELU:
        for e in range(a.size):
            f[e] = ONE if a[e] > ZERO else ZERO
            a[e] = ZERO if a[e] < ZERO else a[e]  # noqa: FURB136 - NaN stays NaN
    elif kind == LEAKY_RELU:
        leak = a.dtype.type(LEAK)
        for e in range(a.size):
            f[e] = ONE if a[e] > ZERO else leak
            a[e] = leak * a[e] if a[e] < ZERO else a[e]
    else:
        f[:] = ONE


@compiled
def drop(masks: FloatArray, a: FloatArray, slope: FloatArray) -> None:
    """Dropout: what is dropped is 0, and has no slope; see ``network.dropout_mask``."""
    examples, neurons = masks.shape
    for n in range(neurons):
        for e in range(examples):
            a[n, e] *= masks[e, n]
            slope[n, e] *= masks[e, n]

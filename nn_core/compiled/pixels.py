"""The first layer's products: with pixels, from the first ink to the last.

Twice in a step every pixel meets every neuron of the first layer; that is most of the work. A
number that is fetched once serves for four products here.
"""

import numpy as np
from numpy.typing import NDArray

from nn_core.compiled import compiled
from nn_core.parameters import FloatArray


@compiled
def weigh_pixels(
    weights: FloatArray,
    biases: FloatArray,
    x: FloatArray,
    first: NDArray[np.intp],
    end: NDArray[np.intp],
    z: FloatArray,
) -> None:
    """z[n, e] = Σ_p W[n, p] x[e, p] + b[n]: four neurons and four examples at a time.

    Each number that is fetched serves for four products then.
    """
    neurons = weights.shape[0]
    fours = neurons // 4 * 4
    for four in range(first.size):
        ink = slice(first[four], end[four])
        e = 4 * four
        x0, x1, x2, x3 = x[e, ink], x[e + 1, ink], x[e + 2, ink], x[e + 3, ink]
        for n in range(0, fours, 4):
            w0, w1, w2, w3 = (
                weights[n, ink],
                weights[n + 1, ink],
                weights[n + 2, ink],
                weights[n + 3, ink],
            )
            s00 = s01 = s02 = s03 = s10 = s11 = s12 = s13 = z.dtype.type(0)
            s20 = s21 = s22 = s23 = s30 = s31 = s32 = s33 = z.dtype.type(0)
            for p in range(x0.size):
                s00 += w0[p] * x0[p]
                s01 += w0[p] * x1[p]
                s02 += w0[p] * x2[p]
                s03 += w0[p] * x3[p]
                s10 += w1[p] * x0[p]
                s11 += w1[p] * x1[p]
                s12 += w1[p] * x2[p]
                s13 += w1[p] * x3[p]
                s20 += w2[p] * x0[p]
                s21 += w2[p] * x1[p]
                s22 += w2[p] * x2[p]
                s23 += w2[p] * x3[p]
                s30 += w3[p] * x0[p]
                s31 += w3[p] * x1[p]
                s32 += w3[p] * x2[p]
                s33 += w3[p] * x3[p]
            z[n, e], z[n, e + 1], z[n, e + 2], z[n, e + 3] = s00, s01, s02, s03
            z[n + 1, e], z[n + 1, e + 1], z[n + 1, e + 2], z[n + 1, e + 3] = s10, s11, s12, s13
            z[n + 2, e], z[n + 2, e + 1], z[n + 2, e + 2], z[n + 2, e + 3] = s20, s21, s22, s23
            z[n + 3, e], z[n + 3, e + 1], z[n + 3, e + 2], z[n + 3, e + 3] = s30, s31, s32, s33
        for n in range(fours, neurons):
            w = weights[n, ink]
            s0 = s1 = s2 = s3 = z.dtype.type(0)
            for p in range(w.size):
                s0 += w[p] * x0[p]
                s1 += w[p] * x1[p]
                s2 += w[p] * x2[p]
                s3 += w[p] * x3[p]
            z[n, e], z[n, e + 1], z[n, e + 2], z[n, e + 3] = s0, s1, s2, s3
    for n in range(neurons):
        for e in range(z.shape[1]):
            z[n, e] += biases[n]


@compiled
def add_products_with_pixels(
    delta: FloatArray,
    x: FloatArray,
    first: NDArray[np.intp],
    end: NDArray[np.intp],
    gradient: FloatArray,
) -> None:
    """∂C/∂W[n, p] += Σ_e δ[n, e] x[e, p]: four neurons and four examples at a time."""
    neurons = gradient.shape[0]
    fours = neurons // 4 * 4
    for four in range(first.size):
        ink = slice(first[four], end[four])
        e = 4 * four
        x0, x1, x2, x3 = x[e, ink], x[e + 1, ink], x[e + 2, ink], x[e + 3, ink]
        d = delta[:, e : e + 4]
        for n in range(0, fours, 4):
            g0, g1 = gradient[n, ink], gradient[n + 1, ink]
            g2, g3 = gradient[n + 2, ink], gradient[n + 3, ink]
            d00, d01, d02, d03 = d[n, 0], d[n, 1], d[n, 2], d[n, 3]
            d10, d11, d12, d13 = d[n + 1, 0], d[n + 1, 1], d[n + 1, 2], d[n + 1, 3]
            d20, d21, d22, d23 = d[n + 2, 0], d[n + 2, 1], d[n + 2, 2], d[n + 2, 3]
            d30, d31, d32, d33 = d[n + 3, 0], d[n + 3, 1], d[n + 3, 2], d[n + 3, 3]
            for p in range(g0.size):
                p0, p1, p2, p3 = x0[p], x1[p], x2[p], x3[p]
                g0[p] += (d00 * p0 + d01 * p1) + (d02 * p2 + d03 * p3)
                g1[p] += (d10 * p0 + d11 * p1) + (d12 * p2 + d13 * p3)
                g2[p] += (d20 * p0 + d21 * p1) + (d22 * p2 + d23 * p3)
                g3[p] += (d30 * p0 + d31 * p1) + (d32 * p2 + d33 * p3)
        for n in range(fours, neurons):
            g = gradient[n, ink]
            d0, d1, d2, d3 = d[n, 0], d[n, 1], d[n, 2], d[n, 3]
            for p in range(g.size):
                g[p] += (d0 * x0[p] + d1 * x1[p]) + (d2 * x2[p] + d3 * x3[p])

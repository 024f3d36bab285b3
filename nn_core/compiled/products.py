"""The other layers' products: with activations, a column for each example."""

from nn_core.compiled import compiled
from nn_core.parameters import FloatArray


@compiled
def weigh(weights: FloatArray, a: FloatArray, z: FloatArray) -> None:
    """z[n, e] += Σ_k W[n, k] a[k, e]: four neurons k at a time.

    Back it goes with the weights transposed: ∂C/∂a[k, e] += Σ_n W[n, k] δ[n, e].
    """
    neurons, previous = weights.shape
    fours = previous // 4 * 4
    for n in range(neurons):
        row = z[n]
        for k in range(0, fours, 4):
            w0, w1, w2, w3 = weights[n, k], weights[n, k + 1], weights[n, k + 2], weights[n, k + 3]
            a0, a1, a2, a3 = a[k], a[k + 1], a[k + 2], a[k + 3]
            for e in range(row.size):
                row[e] += (w0 * a0[e] + w1 * a1[e]) + (w2 * a2[e] + w3 * a3[e])
        for k in range(fours, previous):
            w0, a0 = weights[n, k], a[k]
            for e in range(row.size):
                row[e] += w0 * a0[e]


@compiled
def add_products(delta: FloatArray, a: FloatArray, gradient: FloatArray) -> None:
    """∂C/∂W[n, k] += Σ_e δ[n, e] a[k, e]."""
    neurons, previous = gradient.shape
    fours = previous // 4 * 4
    for n in range(neurons):
        d = delta[n]
        for k in range(0, fours, 4):
            a0, a1, a2, a3 = a[k], a[k + 1], a[k + 2], a[k + 3]
            s0 = s1 = s2 = s3 = gradient.dtype.type(0)
            for e in range(d.size):
                s0 += d[e] * a0[e]
                s1 += d[e] * a1[e]
                s2 += d[e] * a2[e]
                s3 += d[e] * a3[e]
            gradient[n, k] += s0
            gradient[n, k + 1] += s1
            gradient[n, k + 2] += s2
            gradient[n, k + 3] += s3
        for k in range(fours, previous):
            a0 = a[k]
            s0 = gradient.dtype.type(0)
            for e in range(d.size):
                s0 += d[e] * a0[e]
            gradient[n, k] += s0


@compiled
def add_sums(delta: FloatArray, gradient: FloatArray) -> None:
    """∂C/∂b[n] += Σ_e δ[n, e]."""
    for n in range(gradient.size):
        d = delta[n]
        total = gradient.dtype.type(0)
        for e in range(d.size):
            total += d[e]
        gradient[n] += total


@compiled
def multiply(delta: FloatArray, slope: FloatArray) -> None:
    """∂C/∂z = ∂C/∂a · f′(z)."""
    d, f = delta.reshape(delta.size), slope.reshape(slope.size)
    for e in range(d.size):
        d[e] *= f[e]

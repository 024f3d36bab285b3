"""The gradient of a batch: forward, the cost, and backpropagation, block after block."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_core.compiled import compiled
from nn_core.compiled.functions import activate, drop
from nn_core.compiled.images import take
from nn_core.compiled.judging import judge
from nn_core.compiled.pixels import add_products_with_pixels, weigh_pixels
from nn_core.compiled.products import add_products, add_sums, multiply, weigh
from nn_core.parameters import FloatArray

BLOCK = 64  # examples: their pixels, as numbers of 4 bytes, fit into the second-level cache


@compiled
def cost_and_gradient(
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    rows: NDArray[np.intp],
    masks: FloatArray,
    theta: FloatArray,
    gradient: FloatArray,
    sizes: NDArray[np.intp],
    kinds: NDArray[np.intp],
    x: FloatArray,
    layers: FloatArray,
    right: NDArray[np.bool],
    average_over: int,
    begin: bool,  # noqa: FBT001 - Numba takes no keywords only
) -> float:
    """Write ∇C of these rows into ``gradient``, or add it; return the sum of their costs.

    ``right`` becomes whether each is read right. ``masks`` has a row for each example and a column
    for each hidden neuron: dropout's; or no row. ``sizes`` are the layers', the input first;
    ``kinds`` the numbers of their activations, and last that of output and cost. ``x``, of shape
    (BLOCK, pixels), and ``layers``, with 3 · BLOCK numbers for each neuron, are room to compute in.
    """
    if begin:
        gradient[:] = 0
    cost = 0.0
    hidden = sizes[1:-1].sum()
    neurons = hidden + sizes[-1]
    share: Any = theta.dtype.type(1 / average_over)
    for start in range(0, rows.size, BLOCK):
        block = rows[start : start + BLOCK]
        count = block.size
        width = (count + 15) // 16 * 16  # whole lines: what is too much has no ink and no δ
        first, end = take(images, block, x[:width])
        # In one piece, so that the columns of a row lie side by side.
        rows_of_layers = layers[: 3 * neurons * width].reshape((3 * neurons, width))
        a, slope = rows_of_layers[:neurons], rows_of_layers[neurons : 2 * neurons]
        delta = rows_of_layers[2 * neurons :]

        # Forward: z = W a_previous + b, a = f(z).
        place, done = 0, 0  # where the layer's parameters begin in θ, and its neurons
        for layer in range(sizes.size - 1):
            previous, size = sizes[layer], sizes[layer + 1]
            weights = theta[place : place + size * previous].reshape((size, previous))
            biases = theta[place + size * previous : place + size * previous + size]
            z = a[done : done + size]
            if layer == 0:
                weigh_pixels(weights, biases, x[:width], first, end, z)
            else:
                for n in range(size):
                    z[n] = biases[n]
                weigh(weights, a[done - previous : done], z)
            if layer < sizes.size - 2:
                activate(kinds[layer], z, slope[done : done + size])
                if masks.shape[0] > 0:
                    drop(masks[start : start + count, done : done + size], z, slope[done:])
            place += size * previous + size
            done += size
        z = a[hidden:]
        outputs = slope[hidden:]
        d = delta[hidden:]
        cost += judge(kinds[-1], z, outputs, labels, block, d, right[start:], share)

        # Walk back: δ = ∂C/∂z of the output layer first, then of each layer before it.
        for layer in range(sizes.size - 2, -1, -1):
            previous, size = sizes[layer], sizes[layer + 1]
            place -= size * previous + size
            done -= size
            d = delta[done : done + size]
            g = gradient[place : place + size * previous].reshape((size, previous))
            add_sums(d, gradient[place + size * previous : place + size * previous + size])
            if layer == 0:
                add_products_with_pixels(d, x[:width], first, end, g)
            else:
                before = slice(done - previous, done)
                add_products(d, a[before], g)
                weights = theta[place : place + size * previous].reshape((size, previous))
                # ∂C/∂a = Wᵀ δ, then f′(z).
                d_before = delta[before]
                d_before[:] = 0
                weigh(weights.T, d, d_before)
                multiply(d_before, slope[before])
    return cost

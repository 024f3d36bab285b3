"""What a neuron wants to see: the image that excites it most, found by gradient ascent on pixels.

Training changes the parameters for given images. Here the image changes for given parameters, so
that the neuron's weighted input z rises as far as it goes, with pixels between 0 and 1; the
activation rises with it. (Erhan et al., "Visualizing Higher-Layer Features of a Deep Network",
2009; Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional Networks", 2014.) A softmax output
rises with its z only as far as the others stay behind, so there it is z_k − ln Σ e^z_j over j ≠ k,
its log-odds.

The image looks like noise. Nothing asks that it look like a digit: each pixel goes to black or to
white by the sign of its own slope, however small, and whatever its neighbours do. So an image that
excites the neuron more than any digit need not look like one. With a penalty for differences
between neighbours it becomes smooth, as digits are: z − λ/2 · Σ (xᵢ − xⱼ)².
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_core.activations import softmax
from nn_core.network import Network
from nn_core.parameters import FloatArray

ROUNDS = 300
NOISY_STARTS = 4
FIRST_STEP, LAST_STEP = 0.5, 0.005  # how far the pixels move in a round, in the mean
TINY = 1e-12


class Wanted(NamedTuple):
    """An image, and how much it excites the neuron."""

    image: NDArray[np.float64]
    """Shape (rows, columns), from 0 to 1."""
    excitement: float  # z, or the log-odds of a softmax output
    activation: float


@np.errstate(all="ignore")
def wanted(
    network: Network, layer: int, neuron: int, shape: tuple[int, int], smoothness: float = 0.0
) -> Wanted:
    """Return the image that excites a neuron most, of those that ascent finds.

    Ascent ends on a summit, not on the highest: it sets out from a grey image, a black one, and
    from some of noise, always the same. Layer number 0 is the first after the inputs, the last is
    that of the outputs. ``smoothness`` is λ as a multiple of the steepest slope that z has at the
    grey image; 0 is no penalty.
    """
    network = network.in_64_bits()
    grey, black = np.full((1, *shape), 0.5), np.zeros((1, *shape))
    x = np.concatenate([grey, black, np.random.default_rng(0).random((NOISY_STARTS, *shape))])
    flat = (len(x), -1)
    _, slope = excitement(network, grey.reshape(1, -1), layer, neuron)
    penalty = smoothness * float(np.abs(slope).max())
    best = x
    highest = np.full(len(x), -np.inf)
    for round_ in range(ROUNDS):
        height, slope = excitement(network, x.reshape(flat), layer, neuron)
        differences, their_slope = _differences(x)
        height -= penalty / 2 * differences
        slope = slope.reshape(x.shape) - penalty * their_slope
        is_higher = height > highest
        best = np.where(is_higher[:, None, None], x, best)
        highest = np.where(is_higher, height, highest)
        slope *= np.where(slope > 0, x < 1, x > 0)  # without what leads out of 0 to 1
        mean = np.sqrt((slope**2).mean(axis=(1, 2), keepdims=True)) + TINY
        step = FIRST_STEP * (LAST_STEP / FIRST_STEP) ** (round_ / ROUNDS)
        x = np.clip(x + step * slope / mean, 0, 1)
    image = best[highest.argmax()]
    reached, _ = excitement(network, image.reshape(1, -1), layer, neuron)
    activation = network.forward(image.reshape(1, -1))[layer][0, neuron]
    return Wanted(image, float(reached[0]), float(activation))


def excitement(
    network: Network, x: FloatArray, layer: int, neuron: int
) -> tuple[FloatArray, FloatArray]:
    """Return how much images excite a neuron, shape (examples,), and its slope over the pixels.

    x has shape (examples, inputs), and so has the slope.
    """
    activations = network.forward(x)
    z = network.weighted_inputs(layer, [x, *activations][layer])
    delta = np.zeros_like(z)
    delta[:, neuron] = 1
    excitements = z[:, neuron].copy()
    if layer == len(activations) - 1 and network.output_name == "softmax":
        z[:, neuron] = -np.inf
        highest = z.max(axis=1, keepdims=True)
        excitements -= (highest + np.log(np.exp(z - highest).sum(axis=1, keepdims=True)))[:, 0]
        delta -= softmax(z)
    return excitements, network.back_to_inputs(activations, layer, delta)


def _differences(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return Σ (xᵢ − xⱼ)² over the pairs of neighbours of each image, and half of its slope.

    x has shape (images, rows, columns), and so has the slope.
    """
    slope = np.zeros_like(x)
    total = np.zeros(len(x))
    down, across = np.diff(x, axis=1), np.diff(x, axis=2)
    for difference, first, second in (
        (down, slope[:, :-1], slope[:, 1:]),
        (across, slope[:, :, :-1], slope[:, :, 1:]),
    ):
        total += (difference**2).sum(axis=(1, 2))
        first -= difference  # noqa: PLW2901 - a view: this is written into the slope
        second += difference  # noqa: PLW2901
    return total, slope

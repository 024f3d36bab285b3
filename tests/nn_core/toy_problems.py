"""Small networks and small sets of examples, for tests that would be slow on real digits."""

import numpy as np

from nn_core import Network
from nn_core.datasets import Examples
from nn_core.parameters import FloatArray

ACTIVATION_NAMES = ("sigmoid", "tanh", "relu", "leaky-relu", "identity")
OPTIMIZER_NAMES = ("sgd", "momentum", "nesterov", "rmsprop", "adam")
INITIALIZER_NAMES = ("xavier", "he", "standard-normal", "zeros")
OUTPUT_COST_PAIRS = (
    ("sigmoid", "squared-error"),
    ("softmax", "squared-error"),
    ("identity", "squared-error"),
    ("sigmoid", "cross-entropy"),
    ("softmax", "cross-entropy"),
)
PIXELS, CLASSES = 12, 3


def toy_examples(examples: int = 20, seed: int = 0, classes: int = CLASSES) -> Examples:
    """Return examples that can be learned: each class is bright in pixels of its own."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, examples).astype(np.uint8)
    images = rng.integers(0, 120, (examples, PIXELS))
    images += 130 * (np.arange(PIXELS) % classes == labels[:, None])
    return Examples(images.astype(np.uint8), labels, classes, input_shape=(3, PIXELS // 3))


def toy_network(
    hidden: tuple[int, ...] = (5, 4),
    activation: str = "sigmoid",
    output: str = "sigmoid",
    cost: str = "squared-error",
    dtype: type[np.floating] = np.float32,
    seed: int = 0,
) -> Network:
    """Return a network for the toy examples, initialized."""
    network = Network([PIXELS, *hidden, CLASSES], activation, output, cost, dtype)
    network.initialize("xavier", np.random.default_rng(seed))
    return network


def random_network(
    layer_sizes: list[int],
    activation: str | list[str],
    output: str,
    cost: str,
    rng: np.random.Generator,
) -> Network:
    """Return a network in float64 whose weights and biases are all random, none of them 0."""
    network = Network(layer_sizes, activation, output, cost, np.float64)
    network.parameters.theta[:] = rng.normal(0, 0.7, network.parameters.theta.size)
    return network


def random_batch(
    network: Network, examples: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Return inputs between 0 and 1, 255ths as images have them, and one-hot truths in float64."""
    inputs, outputs = network.layer_sizes[0], network.layer_sizes[-1]
    x = rng.integers(0, 256, (examples, inputs)) * (1 / 255)
    y = np.eye(outputs)[rng.integers(0, outputs, examples)]
    return x, y

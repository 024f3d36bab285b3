"""How fast the network trains: ``make bench``.

784-16-16-10, sigmoid, squared error, plain gradient descent, one BLAS thread, no test set between:
examples per second of ``train()`` as a user calls it, beside the floor (only the matrix products
that the algorithm needs, in the same shapes) and ``by_hand``. Medians of interleaved rounds.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy starts its threads

import statistics
from collections.abc import Callable
from time import perf_counter

import numpy as np
from rich.console import Console
from rich.table import Table

from app.settings import Settings
from nn_core import Hyperparameters, Network, by_hand, load_dataset, train
from nn_core.datasets import Examples, is_here

LAYER_SIZES = (784, 16, 16, 10)
BATCH_SIZES = (10, 32, 128, 1000)
ROUNDS = 5
BY_HAND_EXAMPLES = 500


def measure_train(examples: Examples, batch_size: int) -> float:
    """Return the examples per second of one epoch."""
    rng = np.random.default_rng(0)
    network = Network(LAYER_SIZES)
    network.initialize("xavier", rng)
    begun = perf_counter()
    for _ in train(network, examples, None, Hyperparameters(batch_size=batch_size, epochs=1), rng):
        pass
    return len(examples) / (perf_counter() - begun)


def measure_floor(examples: Examples, batch_size: int) -> float:
    """Return the examples per second of the matrix products alone."""
    rng = np.random.default_rng(0)
    weights = Network(LAYER_SIZES).parameters.weights
    activations = [rng.random((batch_size, size), dtype=np.float32) for size in LAYER_SIZES]
    steps = len(examples) // batch_size
    begun = perf_counter()
    for _ in range(steps):
        for layer, w in enumerate(weights):
            activations[layer] @ w.T  # forward
        for layer, w in enumerate(weights):
            activations[layer + 1].T @ activations[layer]  # the gradient of its weights
            if layer > 0:
                activations[layer + 1] @ w  # passed on to the layer before
    return steps * batch_size / (perf_counter() - begun)


def measure_by_hand(examples: Examples, batch_size: int) -> float:
    """Return the examples per second of the text to read first."""
    rng = np.random.default_rng(0)
    network = Network(LAYER_SIZES)
    network.initialize("xavier", rng)
    images, truths = examples.batch(np.arange(BY_HAND_EXAMPLES))
    begun = perf_counter()
    for first in range(0, BY_HAND_EXAMPLES, batch_size):
        batch = slice(first, first + batch_size)
        by_hand.gradient_descent_step(network.parameters, images[batch], truths[batch], 1.0)
    return BY_HAND_EXAMPLES / (perf_counter() - begun)


def main() -> None:
    """Print the table."""
    settings = Settings()
    name = "mnist" if is_here("mnist", settings.data_dir, settings.cache_dir) else "digits-5k"
    examples = load_dataset(name, settings.data_dir, settings.cache_dir).training
    contestants: dict[str, Callable[[Examples, int], float]] = {
        "train()": measure_train,
        "matrix products alone": measure_floor,
        "by_hand": measure_by_hand,
    }
    table = Table(title=f"Examples per second on {name}, {len(examples):,} training images")
    table.add_column("batch size", justify="right")
    for contestant in contestants:
        table.add_column(contestant, justify="right")
    table.add_column("train() / products", justify="right")
    for batch_size in BATCH_SIZES:
        rounds = [
            [measure(examples, batch_size) for measure in contestants.values()]
            for _ in range(ROUNDS)
        ]
        medians = [statistics.median(speeds) for speeds in zip(*rounds, strict=True)]
        table.add_row(
            f"{batch_size:,}",
            *(f"{speed:,.0f}" for speed in medians),
            f"{medians[0] / medians[1]:.2f}",
        )
    Console().print(table)


if __name__ == "__main__":
    main()

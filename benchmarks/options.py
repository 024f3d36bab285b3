"""What an option costs: ``make bench-options``.

A step of 32 examples with each optimizer, penalty, dropout and augmentation, beside a step of plain
gradient descent. All trainings take turns of a few milliseconds, so that other load on the machine
affects all of them. The figures are medians.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is loaded: as a run's process has it

import statistics
from time import perf_counter
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.contestants.task import starting_network, training_set
from nn_core import Hyperparameters, train

OPTIONS: dict[str, dict[str, Any]] = {
    "sgd": {},
    "momentum": {"optimizer": "momentum"},
    "nesterov": {"optimizer": "nesterov"},
    "rmsprop": {"optimizer": "rmsprop"},
    "adam": {"optimizer": "adam"},
    "l1": {"l1": 1e-5},
    "l2": {"l2": 1e-4},
    "dropout": {"dropout": 0.2},
    "augment": {"augment": True},
}
TURNS = 150
STEPS = 40  # in a turn


def main() -> None:
    """Print the table."""
    examples = training_set()
    trainings = {}
    for name, chosen in OPTIONS.items():
        hyperparameters = Hyperparameters(learning_rate=1e-3, epochs=None, **chosen)
        rng = np.random.default_rng(0)
        trainings[name] = train(starting_network(), examples, None, hyperparameters, rng)
    seconds: dict[str, list[float]] = {name: [] for name in trainings}
    for _ in range(TURNS):
        for name, training in trainings.items():
            begun = perf_counter()
            for _ in range(STEPS):
                next(training)
            seconds[name].append((perf_counter() - begun) / STEPS)

    table = Table(title="32 examples of MNIST")
    for column in ("", "µs", "× sgd"):
        table.add_column(column, justify="right")
    plain = statistics.median(seconds["sgd"])
    for name, values in seconds.items():
        median = statistics.median(values)
        table.add_row(name, f"{median * 1e6:.0f}", f"{median / plain:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()

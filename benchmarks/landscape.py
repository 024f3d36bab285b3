"""What a landscape takes: ``make bench-landscape``. One core, 41×41 points, the median of five."""

import statistics
import time

import numpy as np
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from nn_core import Network, load_dataset
from nn_core.landscape import Plane, at_random

NETWORKS = ([784, 16, 16, 10], [784, 64, 10], [784, 256, 128, 10])
EXAMPLES = 1000
POINTS = 41
TIMES = 5


def seconds(network: Network, examples: int) -> float:
    """Return how long one landscape takes."""
    digits = load_dataset("digits-5k").training.first(examples)
    axis = np.linspace(-1, 1, POINTS)
    away = np.zeros((1, network.parameters.theta.size))
    directions = at_random(network, away, np.random.default_rng(0)).directions
    began = time.perf_counter()
    Plane(network, directions, digits).costs(axis, axis)
    return time.perf_counter() - began


def main() -> None:
    """Print the table."""
    table = Table(title=f"Seconds for {POINTS}×{POINTS} points on {EXAMPLES:,} digits")
    for column in ("network", "seconds"):
        table.add_column(column, justify="right")
    with threadpool_limits(1, user_api="blas"):
        for sizes in NETWORKS:
            network = Network(sizes)
            network.initialize("xavier", np.random.default_rng(0))
            took = statistics.median(seconds(network, EXAMPLES) for _ in range(TIMES))
            table.add_row("-".join(map(str, sizes)), f"{took:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()

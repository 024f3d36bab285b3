"""How fast the network trains, beside its peers: ``make bench``.

First it checks that all do the same work: equal parameters after 100 steps. Then each is
measured at each batch size, in a process of its own with 1 and with 2 threads, of which the better
counts; the rounds are interleaved, and medians are shown. A second table is for a network that is
not tiny, where the products are nearly all of the work; there each number of threads stands alone.
"""

import os
import statistics
import subprocess
import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table

from app.settings import Settings
from benchmarks.contestants.task import LAYER_SIZES
from nn_core.datasets import is_here

BATCH_SIZES = (10, 32, 128, 1000, 60000)
ROUNDS = 3
TITLES = {
    "nudge": "Nudge, train()",
    "nudge_compiled": "Nudge, compiled",
    "jax_scan": "JAX, scanned epoch",
    "pytorch": "PyTorch, eager",
    "scikit_learn": "scikit-learn",
    "by_hand": "by_hand",
    "products": "products alone",
    "ink_products": "of the ink alone",
}
LARGE = (
    "nudge",
    "nudge_compiled",
    "jax_scan",
    "pytorch",
)  # who trains the network that is not tiny
LARGE_SIZES, LARGE_BATCH = (784, 256, 128, 10), 128
SAME_WORK = ("nudge_compiled", "jax_scan", "pytorch", "by_hand")  # compared number by number
STEPS, STEP_SIZE = 100, 32
ROUNDING = 1e-4  # of the largest parameter, by which sums in another order differ after 100 steps


class Process:
    """A contestant with a number of threads, in a process of its own."""

    def __init__(self, name: str, threads: int, layer_sizes: Sequence[int] = LAYER_SIZES) -> None:
        self.name = name
        self.threads = threads
        limits = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), str(threads))
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "benchmarks.contestant", name, str(threads)],
            env={**os.environ, **limits, "LAYER_SIZES": " ".join(map(str, layer_sizes))},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.is_here = self._read() == "ready"
        if not self.is_here:
            assert self._process.stderr
            message = self._process.stderr.read()
            if "ModuleNotFoundError" not in message:
                sys.exit(message)

    def _read(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def ask(self, request: str) -> str:
        """Return the answer to a request."""
        assert self._process.stdin
        self._process.stdin.write(request + "\n")
        self._process.stdin.flush()
        return self._read()

    def speed(self, batch_size: int) -> float:
        """Return the examples per second."""
        return float(self.ask(f"speed {batch_size}"))

    def theta(self) -> NDArray[np.float32]:
        """Return the parameters after 100 steps."""
        return np.frombuffer(bytes.fromhex(self.ask(f"theta {STEP_SIZE} {STEPS}")), "<f4")

    def end(self) -> None:
        """Let it end."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def check_same_work(processes: list[Process], console: Console) -> None:
    """Exit with an error if a contestant's parameters differ from this project's."""
    by_name = {process.name: process for process in processes}
    ours = by_name["nudge"].theta()
    for name in SAME_WORK:
        if name in by_name:
            difference = float(np.abs(by_name[name].theta() - ours).max() / np.abs(ours).max())
            console.print(
                f"{TITLES[name]}: after {STEPS} steps of {STEP_SIZE} examples its parameters "
                f"differ from train()'s by at most {difference:.0e} of the largest"
            )
            if difference > ROUNDING:
                sys.exit(f"that is more than rounding, {ROUNDING}: it is not the same work")


def measure(
    processes: list[Process], batch_sizes: Sequence[int]
) -> dict[tuple[str, int, int], float]:
    """Return the median speed by contestant, batch size and number of threads."""
    speeds: dict[tuple[str, int, int], list[float]] = {}
    for _ in track(range(ROUNDS), "Measuring", transient=True):
        for batch_size in batch_sizes:
            for process in processes:
                key = process.name, batch_size, process.threads
                speeds.setdefault(key, []).append(process.speed(batch_size))
    return {key: statistics.median(values) for key, values in speeds.items()}


def best_of(
    speeds: dict[tuple[str, int, int], float],
) -> dict[str, dict[int, tuple[float, int]]]:
    """Return for each contestant and batch size its speed and the threads it had for that."""
    best: dict[str, dict[int, tuple[float, int]]] = {}
    for (name, batch_size, threads), median in speeds.items():
        sizes = best.setdefault(name, {})
        sizes[batch_size] = max(sizes.get(batch_size, (0.0, 0)), (median, threads))
    return best


def main() -> None:
    """Print the table."""
    settings = Settings()
    if not is_here("mnist", settings.data_dir, settings.cache_dir):
        sys.exit("MNIST is not here: nudge download mnist, or set NUDGE_DATA_DIR")
    console = Console(width=120)
    started = [Process(name, threads) for name in TITLES for threads in (1, 2)]
    for name in {process.name for process in started if not process.is_here}:
        console.print(f"{TITLES[name]} is not installed: pip install -e '.[bench]'")
    processes = [process for process in started if process.is_here]
    check_same_work(processes, console)
    best = best_of(measure(processes, BATCH_SIZES))
    for process in processes:
        process.end()

    table = Table(title="Thousands of examples per second, and Nudge's multiple of each")
    table.add_column("batch size")
    for size in BATCH_SIZES:
        table.add_column(f"{size:,}" if size < max(BATCH_SIZES) else "full", justify="right")
    for name, sizes in best.items():
        cells = []
        for size, (speed, threads) in sizes.items():
            ratio = "" if name == "nudge" else f"{best['nudge'][size][0] / speed:.2f}×"
            cells.append(f"{speed / 1000:.1f} [dim]{threads}t[/dim] {ratio:>6}")
        table.add_row(TITLES[name], *cells)
    console.print(table)
    console.print(
        f"Medians of {ROUNDS} interleaved rounds; 1t, 2t: the number of threads that was better. "
        "scikit-learn trains softmax and cross-entropy, the nearest that it can."
    )
    print_large(console, {process.name for process in processes})


def print_large(console: Console, here: set[str]) -> None:
    """Print the table of the network that is not tiny."""
    processes = [
        Process(name, threads, LARGE_SIZES) for name in LARGE if name in here for threads in (1, 2)
    ]
    speeds = measure(processes, [LARGE_BATCH])
    for process in processes:
        process.end()
    sizes = "-".join(map(str, LARGE_SIZES))
    table = Table(title=f"{sizes} at batch {LARGE_BATCH}, thousands of examples per second")
    table.add_column("")
    for threads in (1, 2):
        table.add_column(f"{threads} thread{'s' if threads > 1 else ''}", justify="right")
    for name in dict.fromkeys(process.name for process in processes):
        cells = [f"{speeds[name, LARGE_BATCH, threads] / 1000:.1f}" for threads in (1, 2)]
        table.add_row(TITLES[name], *cells)
    console.print(table)
    console.print("train() uses one thread, however many it may have.")


if __name__ == "__main__":
    main()

"""One contestant in its own process: ``python -m benchmarks.contestant NAME THREADS``.

The libraries set up their threads when they are loaded, so each number of threads needs a process,
whose environment says the number, too. It reads one request a line: ``speed BATCH_SIZE`` answers
with examples per second, ``theta BATCH_SIZE STEPS`` with the parameters after so many steps, as
hexadecimal bytes.
"""

import importlib
import os
import sys
from time import perf_counter
from types import ModuleType

import numpy as np

from benchmarks.contestants.task import training_set

SECONDS = 0.5  # each measurement takes at least so long


def speed(module: ModuleType, batch_size: int) -> float:
    """Return the examples per second of whole epochs, after a first one to warm up."""
    examples = training_set(batch_size).first(getattr(module, "MOST_EXAMPLES", None))
    batch_size = min(batch_size, len(examples))
    contestant = module.Contestant(examples)
    rng = np.random.default_rng(1)
    contestant.epoch(batch_size, rng.permutation(len(examples)))
    trained = 0
    begun = perf_counter()
    while (seconds := perf_counter() - begun) < SECONDS:
        contestant.epoch(batch_size, rng.permutation(len(examples)))
        trained += len(examples)
    return trained / seconds


def theta_after(module: ModuleType, batch_size: int, steps: int) -> bytes:
    """Return the parameters after so many steps of this size."""
    examples = training_set().first(batch_size * steps)
    contestant = module.Contestant(examples)
    contestant.epoch(batch_size, np.random.default_rng(1).permutation(len(examples)))
    theta: bytes = contestant.theta().astype("<f4").tobytes()
    return theta


def main() -> None:
    """Answer requests until there are no more."""
    name, threads = sys.argv[1:]
    # XLA takes as many threads as there are processors to run on.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-int(threads) :])
    module = importlib.import_module(f"benchmarks.contestants.{name}")
    if name == "pytorch":
        module.torch.set_num_threads(int(threads))
    print("ready", flush=True)
    for line in sys.stdin:
        request, *numbers = line.split()
        if request == "speed":
            print(speed(module, int(numbers[0])), flush=True)
        else:
            print(theta_after(module, int(numbers[0]), int(numbers[1])).hex(), flush=True)


if __name__ == "__main__":
    main()

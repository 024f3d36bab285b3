"""What watching costs the training: ``make bench-watching``.

One run of full MNIST, with nobody watching and with ten viewers at 10 frames a second by turns; its
examples per second by its own account, an epoch at a time. Medians, and their ratio.
"""

import statistics
import subprocess
import sys
import time

from rich.console import Console

from benchmarks.serving import Server, serving

VIEWERS = 10
PAIRS = 6
SECONDS = 6.0  # of each turn


def speeds_in_a_turn(server: Server, run: str) -> list[float]:
    """Return the examples per second of the epochs that are trained in the next seconds."""
    begun = len(server.epochs(run))
    time.sleep(SECONDS)
    return [epoch["examples_per_second"] for epoch in server.epochs(run, begun + 1)]


def main() -> None:
    """Print the ratio."""
    alone: list[float] = []
    watched: list[float] = []
    frames = 0
    with serving() as server:
        run = server.train(dataset="mnist", epochs=1000)
        address = f"{server.url.replace('http', 'ws')}/api/runs/{run}/live"
        for _ in range(PAIRS):
            alone += speeds_in_a_turn(server, run)
            viewers = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "benchmarks.viewers", address, str(VIEWERS)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            time.sleep(1)  # for them to come
            watched += speeds_in_a_turn(server, run)
            frames += int(viewers.communicate()[0])
    ratio = statistics.median(watched) / statistics.median(alone)
    Console().print(
        f"MNIST, batches of 32: {statistics.median(alone):,.0f} examples per second with nobody "
        f"watching, {statistics.median(watched):,.0f} with {VIEWERS} viewers (who got "
        f"{frames / PAIRS / VIEWERS / (SECONDS + 1):.1f} frames a second each): {ratio:.3f} of it"
    )


if __name__ == "__main__":
    main()

"""The memory of a run of full MNIST: ``make bench-memory`` (Linux).

Resident memory of the run's process, in which each page counts once though other processes may
share it; and what a second such run adds to the memory of all processes together, in which a
page that several share counts as one (the kernel's "proportional set size").
"""

import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.load.holdings import children
from benchmarks.serving import Server, serving

BATCH_SIZES: tuple[int | str, ...] = (10, 32, 1000, "full")
SECONDS = 5.0  # of training before the memory is read


def memory_of(process: int) -> tuple[float, float]:
    """Return a process's resident and proportional set size, in MiB."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}
    return sizes["Rss"], sizes["Pss"]


def memory_of_workers(server: Server) -> tuple[float, float]:
    """Return the largest worker's resident memory, and all workers' together, in MiB."""
    memory = [memory_of(worker) for worker in children(server.process.pid)]
    return max(resident for resident, _ in memory), sum(share for _, share in memory)


def main() -> None:
    """Print the table."""
    table = Table(title="MiB of memory, training MNIST")
    for column in ("batch size", "resident, one run", "a second run adds"):
        table.add_column(column, justify="right")
    for batch_size in BATCH_SIZES:
        with serving() as server:
            server.train(dataset="mnist", epochs=None, batch_size=batch_size)
            time.sleep(SECONDS)
            resident, before = memory_of_workers(server)
            server.train(dataset="mnist", epochs=None, batch_size=batch_size, seed=1)
            time.sleep(SECONDS)
            _, after = memory_of_workers(server)
        table.add_row(str(batch_size), f"{resident:.0f}", f"{after - before:.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()

"""How long a start takes: ``make bench-start``.

What is imported, by the server and by a run's process, and a server from nothing to its first
answer, with a new store and with one that is there. Processor seconds of the whole process, which
other load on the machine disturbs least, and in brackets those on the clock; medians of rounds.
``python -m benchmarks.start FOLDER`` measures another checkout in turns with this one, and prints
how many times as long it takes.
"""

import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from rich.console import Console
from rich.progress import track
from rich.table import Table

ROUNDS = 9
HERE = Path(__file__).parents[1]


class Took(NamedTuple):
    """What a process took, in seconds."""

    processor: float
    clock: float


def run(action: Callable[[], None]) -> Took:
    """Return what the processes that an action starts and awaits take."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    action()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(processor, perf_counter() - began)


def python(checkout: Path, *arguments: str) -> list[str]:
    """Return the command that runs Python with this checkout's modules."""
    path = f"import sys; sys.path.insert(0, {str(checkout)!r}); "
    return [sys.executable, "-c", path + arguments[0], *arguments[1:]]


def importing(module: str) -> Callable[[Path, Path], None]:
    """Return what imports a module."""

    def action(checkout: Path, _store: Path) -> None:
        subprocess.run(python(checkout, f"import {module}"), check=True)  # noqa: S603 - our own

    return action


def serve(checkout: Path, store: Path) -> None:
    """Start a server, ask it one thing, and end it."""
    with subprocess.Popen(  # noqa: S603 - our own
        python(checkout, "from app.cli import main; main()", "serve", "--port", "0"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"NUDGE_STORE_DIR": str(store)},
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if match := re.search(r"running on (http://\S+)", line):
                urllib.request.urlopen(f"{match[1].rstrip('/')}/api/health").close()  # noqa: S310
                break
        process.terminate()
        process.stderr.read()


WHAT: dict[str, Callable[[Path, Path], None]] = {
    "import app.main": importing("app.main"),
    "import app.runs.worker": importing("app.runs.worker"),
    "a server's first answer and end, new store": serve,
    "the same, on that store": serve,
}


def main() -> None:
    """Print the table."""
    checkouts = [HERE, *map(Path, sys.argv[1:])]
    took: dict[tuple[str, Path], list[Took]] = {}
    for _ in track(range(ROUNDS), "Measuring", transient=True):
        for checkout in checkouts:
            with tempfile.TemporaryDirectory() as store:
                for what, action in WHAT.items():
                    seconds = run(lambda: action(checkout, Path(store)))  # noqa: B023 - at once
                    took.setdefault((what, checkout), []).append(seconds)
    table = Table(title=f"Seconds of processor, and on the clock: medians of {ROUNDS}")
    table.add_column("")
    for checkout in checkouts:
        table.add_column("this" if checkout is HERE else str(checkout), justify="right")
    for what in WHAT:
        cells = []
        ours = statistics.median(each.processor for each in took[what, HERE])
        for checkout in checkouts:
            processor, clock = map(statistics.median, zip(*took[what, checkout], strict=True))
            ratio = "" if checkout is HERE else f" {processor / ours:.2f}×"
            cells.append(f"{processor:.2f} ({clock:.2f}){ratio}")
        table.add_row(what, *cells)
    Console().print(table)


if __name__ == "__main__":
    main()

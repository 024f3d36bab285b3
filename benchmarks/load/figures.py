"""What a scenario measured, beside its goal; and the server that it measures."""

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.serving import Server, serving

# All clients come from one address here, which in a school would be two hundred.
ROOM_FOR_ALL = {
    "max_sockets_per_address": 10_000,
    "max_sockets_per_visitor": 10_000,
    "requests_per_second": 10_000,
    "drawings_per_second": 10_000,
}


class Figure(NamedTuple):
    """One line of the table; without a goal it is there to explain the others."""

    what: str
    figure: str
    goal: str = ""
    met: bool = True


def below(what: str, value: float, goal: float, unit: str, digits: int = 0) -> Figure:
    """Return a figure that should be less than its goal."""
    return Figure(what, f"{value:.{digits}f} {unit}", f"< {goal:g} {unit}", value < goal)


def at_least(what: str, value: float, goal: float) -> Figure:
    """Return a figure that should reach its goal."""
    return Figure(what, f"{value:.2f}", f"≥ {goal:g}", value >= goal)


def nothing(what: str, *counts: int) -> Figure:
    """Return counts of which each should be 0."""
    zeros = ", ".join("0" for _ in counts)
    return Figure(what, ", ".join(map(str, counts)), zeros, not any(counts))


def no_errors(errors: list[str]) -> Figure:
    """Return the errors, the first few, of which there should be none."""
    told = f"{len(errors)}: " + "; ".join(errors[:3]) if errors else "none"
    return Figure("errors", told, "none", not errors)


def percentile(figures: list[float] | list[int], share: int) -> float:
    """Return what ``share`` per cent of the figures are at most."""
    return statistics.quantiles(figures, n=100)[share - 1] if len(figures) > 1 else float("nan")


class Place(NamedTuple):
    """A server with folders of its own."""

    server: Server
    store: Path
    cache: Path


@contextmanager
def place(**settings: object) -> Iterator[Place]:
    """Start a server whose folders are empty, and gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="nudge-load-") as folder:
        store, cache = Path(folder, "store"), Path(folder, "cache")
        store.mkdir()
        cache.mkdir()
        with serving(store_dir=store, cache_dir=cache, **ROOM_FOR_ALL, **settings) as server:
            yield Place(server, store, cache)

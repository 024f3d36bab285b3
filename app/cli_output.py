"""What the command line shows: progress bars and tables."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from nn_core.datasets import Library
from nn_core.events import Epoch, Event, Status


def show(table: Table) -> None:
    """Print a table."""
    Console().print(table)


@contextmanager
def progress_of(name: str) -> Iterator[Callable[[int, int], None]]:
    """Show the progress of a download; yield what is to be told how much of how much is done."""
    columns = (TextColumn(name), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("")
        yield lambda done, total: progress.update(task, completed=done, total=total)


def datasets_table(library: Library) -> Table:
    """Return all data sets as a table."""
    table = Table(box=None)
    for column in ("name", "what", "licence", "here"):
        table.add_column(column)
    for info in library.all():
        size = f"no: {info.source.size / 1e6:.0f} MB" if info.source else "no"
        here = "yes" if library.is_here(info.name) else size
        table.add_row(info.name, info.title, info.licence or "yours", here)
    return table


def watch(events: Iterator[Event], epochs: int) -> tuple[list[Epoch], Status]:
    """Train to the end, showing a progress bar; return all epochs and how it ended."""
    history: list[Epoch] = []
    columns = (TextColumn("epoch"), MofNCompleteColumn(), BarColumn(), TimeRemainingColumn())
    with Progress(
        *columns, TextColumn("{task.description}"), console=Console(stderr=True)
    ) as progress:
        task = progress.add_task("", total=epochs)
        for event in events:
            if isinstance(event, Epoch):
                history.append(event)
                told = f"cost {event.cost:.4f}  test accuracy {event.test_accuracy:.2%}"
                progress.update(task, advance=1, description=told)
            elif isinstance(event, Status):
                end = event
    return history, end


def epochs_table(history: list[Epoch]) -> Table:
    """Return the figures of all epochs as a table."""
    table = Table(box=None)
    for name in ("epoch", "cost", "accuracy", "test cost", "test accuracy", "gradient", "ex./s"):
        table.add_column(name, justify="right")
    for epoch in history:
        table.add_row(
            str(epoch.epoch),
            f"{epoch.cost:.4f}",
            f"{epoch.accuracy:.2%}",
            f"{epoch.test_cost:.4f}",
            f"{epoch.test_accuracy:.2%}",
            f"{math.hypot(*epoch.gradient_norms):.3g}",
            f"{epoch.examples_per_second:,.0f}",
        )
    return table

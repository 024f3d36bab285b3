"""``nudge sweep``: a sweep from a file, trained here, with a live table."""

from collections.abc import Iterator
from pathlib import Path

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.live import Live
from rich.table import Table

from app.cli_output import show
from app.runs.csv_text import csv_text
from app.settings import Settings
from app.sweeps.asked import SweepIn
from app.sweeps.effort import effort_of
from app.sweeps.local import LocalRun, train_all
from app.sweeps.plan import Plan, PlanError, plan_of, text_of

LOOKS_PER_SECOND = 4
FIGURES = ("epoch", "cost", "accuracy", "test_cost", "test_accuracy")


def sweep(file: Path, csv: Path | None, settings: Settings) -> None:
    """Train what a file asks for. Raises BadParameter, DatasetError and OSError."""
    try:
        asked = _read(file)
        plan = plan_of(asked, settings)
    except PlanError as error:
        raise typer.BadParameter(f"{'.'.join(map(str, error.loc))}: {error}") from error
    if asked.dry:
        show(_planned_table(asked, plan, settings))
        return
    runs = _watch(asked, train_all(asked, plan, settings))
    if csv is not None:
        csv.write_text(_as_csv(asked, runs), "utf-8")
        print(f"The results are in {csv}.")


def _read(file: Path) -> SweepIn:
    """Return what a file asks for. Raises PlanError, OSError."""
    try:
        return SweepIn.model_validate_json(file.read_bytes())
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        words = problem["msg"].removeprefix("Value error, ")
        raise PlanError(problem["loc"] or (str(file),), words) from error


def _watch(asked: SweepIn, training: Iterator[list[LocalRun]]) -> list[LocalRun]:
    """Train to the end, with a table that follows; return the runs."""
    runs: list[LocalRun] = []
    with Live(console=Console(), refresh_per_second=LOOKS_PER_SECOND) as live:
        live.get_renderable = lambda: _table(asked, runs)  # type: ignore[method-assign]
        for runs in training:  # noqa: B007 - the table shows them
            pass
    return runs


def _table(asked: SweepIn, runs: list[LocalRun]) -> Table:
    """Return how all runs stand; the best so far is bold."""
    best = max(runs, key=lambda run: run.accuracy or 0, default=None)
    table = Table(box=None)
    for name in (*asked.vary, "epoch", "cost", "test accuracy"):
        table.add_column(name.replace("_", " "), justify="right")
    table.add_column("state")
    for run in runs:
        figures = [str(run.last.epoch), f"{run.last.cost:.4f}"] if run.last else ["0", ""]
        accuracy = "" if run.accuracy is None else f"{run.accuracy:.2%}"
        values = [text_of(run.varied[field]) for field in asked.vary]
        style = "bold" if run is best and run.accuracy else None
        table.add_row(*values, *figures, accuracy, run.reason or run.status, style=style)
    return table


def _planned_table(asked: SweepIn, plan: Plan, settings: Settings) -> Table:
    """Return which runs there would be, and what they would cost."""
    table = Table(box=None)
    for name in (*asked.vary, "parameters", "steps"):
        table.add_column(name.replace("_", " "), justify="right")
    for member in plan.members:
        effort = effort_of(member.spec, settings.library, 1.0)
        values = [text_of(member.varied[field]) for field in asked.vary]
        steps = "" if effort.steps is None else f"{effort.steps:,}"
        table.add_row(*values, f"{effort.parameters:,}", steps)
    return table


def _as_csv(asked: SweepIn, runs: list[LocalRun]) -> str:
    rows = [
        [
            *(run.varied[field] for field in asked.vary),
            run.status,
            run.reason,
            *(getattr(run.last, name) if run.last else None for name in FIGURES),
        ]
        for run in runs
    ]
    return csv_text([[*asked.vary, "status", "reason", *FIGURES], *rows])

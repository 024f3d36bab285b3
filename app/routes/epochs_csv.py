"""The figures of a run's epochs as CSV, for spreadsheets."""

import json
from collections.abc import AsyncIterator
from typing import Any

from app.runs.csv_text import csv_text
from app.runs.ledger import EPOCH_FIGURES
from app.runs.room import StoredEvent
from app.runs.run import Run
from app.web.failures import BrokenOffError

FIGURES = [name for name in EPOCH_FIGURES if name != "gradient_norms"]


async def epochs_as_csv(run: Run, after: int) -> AsyncIterator[str]:
    """Yield the epochs after one as CSV."""
    layers = len(run.spec.hidden) + 1
    yield csv_text([csv_columns(layers)])
    while events := await next_epochs(run, after):
        yield csv_text(csv_row(json.loads(event.text), layers) for event in events)
        after = events[-1].epoch or 0


async def next_epochs(run: Run, after: int) -> list[StoredEvent]:
    """Return some of the epochs after one, for an answer that streams them; none at the end.

    Raises BrokenOffError if the run was deleted meanwhile.
    """
    epochs = await run.ledger.epochs(after)
    if run.ledger.is_deleted:
        raise BrokenOffError("the run was deleted")
    return epochs


def csv_columns(layers: int) -> list[str]:
    """Return the headings: the figures of an epoch, then a gradient norm for each layer."""
    return FIGURES + [f"gradient_norm_{layer}" for layer in range(layers)]


def csv_row(epoch: dict[str, Any], layers: int) -> list[Any]:
    """Return an epoch's figures in this order; empty where it is from before a figure was added."""
    norms = epoch.get("gradient_norms", [None] * layers)
    return [epoch.get(name) for name in FIGURES] + norms

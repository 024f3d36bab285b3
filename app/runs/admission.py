"""Admission: the runs of an archive are taken in all or not at all, whatever happens meanwhile.

Their files and rows are written first, where nobody looks for them: a run is one once it has its
row in the table of runs, and those rows are written together, in one transaction. A folder that is
marked as incoming says which runs are on their way: what a server that ended in the middle has left
of them is removed when the next one starts.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from itertools import islice
from typing import Any

from app.runs.archive import ArchivedRun
from app.runs.journal import Row
from app.runs.ledger import EPOCH_FIGURES
from app.runs.record import Record
from app.runs.run import Run
from app.runs.steering import TakenCommand, from_json
from app.runs.storage import Storage
from app.strict_json import strict_json

ROWS = 1000  # that are written at a time, so that the other runs' rows come in between


class AdmissionEndedError(Exception):
    """The server ends, or has no place for the runs."""


class Admission:
    """The runs of one archive on their way into the store."""

    def __init__(self, storage: Storage) -> None:
        self.is_ended = False  # set when there is no use in going on
        self.is_complete = False
        self.runs: list[tuple[Record, list[TakenCommand]]] = []
        self._storage = storage
        self._incoming: list[str] = []

    def stage(
        self, archived: Iterable[ArchivedRun], begin: Callable[[ArchivedRun], Record]
    ) -> None:
        """Write all but the runs' own rows; ``begin`` makes a record for each. Blocks.

        Raises BadArchiveError, NotWritableError, OSError and AdmissionEndedError.
        """
        for run in archived:
            record = begin(run)
            self._incoming.append(record.id)
            self._storage.files.receive(record.id, run.files())
            commands = [TakenCommand(c["step"], from_json(c["content"])) for c in run.commands]
            self._write_rows("commands", command_rows(record.id, run))
            gathered = Gathered()
            self._write_rows("events", gathered.rows(record.id, run))
            record = replace(
                record,
                name=run.name,
                created=run.created.timestamp(),
                status=run.status,
                reason=run.reason,
                step=run.step,
                epoch=gathered.epochs,
                seconds=gathered.seconds,
                test_accuracy=gathered.test_accuracy,
                best=run.best(),
                events=gathered.epochs + 1,
                commands=len(commands),
            )
            self.runs.append((record, commands))

    def complete(self) -> None:
        """Make them runs, all at once. Blocks. Raises NotWritableError."""
        if self.runs:
            rows = [record.row(record.fixed_columns()) for record, _ in self.runs]
            self._storage.database.add_runs(rows)
        self.is_complete = True
        for run in self._incoming:
            self._storage.files.accept(run)

    async def admit(
        self,
        archived: Iterable[ArchivedRun],
        begin: Callable[[ArchivedRun], Record],
        room: Callable[[int], AbstractAsyncContextManager[None]],
        add: Callable[[Record, list[TakenCommand]], Run],
    ) -> list[Run]:
        """Take in all runs; ``room`` makes room for so many, ``add`` adds one to the store.

        If anything fails, or this is cancelled, it is as if nothing had come.
        """
        tasks = [asyncio.create_task(asyncio.to_thread(self.stage, archived, begin))]
        try:
            await asyncio.shield(tasks[0])
            async with room(len(self.runs)):
                tasks.append(asyncio.create_task(asyncio.to_thread(self.complete)))
                await asyncio.shield(tasks[1])
                runs = [add(*begun) for begun in self.runs]
        except BaseException:
            self.is_ended = True
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.to_thread(self.undo)
            raise
        for run in runs:
            run.networks.kept_epochs = self._storage.files.epochs(run.id)
        return runs

    def undo(self) -> None:
        """Remove what was written, unless they have become runs. Blocks."""
        if self.is_complete:
            return
        for run in self._incoming:
            self._storage.remove_rest(run)

    def _write_rows(self, table: str, rows: Iterable[Row]) -> None:
        left = iter(rows)
        while some := list(islice(left, ROWS)):
            if self.is_ended:
                raise AdmissionEndedError("the server is going away")
            self._storage.database.stage(table, some)


class Gathered:
    """What is to know of a run's epochs, gathered as they are gone through."""

    def __init__(self) -> None:
        self.epochs = 0
        self.seconds = 0.0
        self.test_accuracy: float | None = None

    def rows(self, run: str, archived: ArchivedRun) -> Iterable[Row]:
        """Yield the rows of its events: its epochs, and how it ended."""
        for epoch in archived.epochs:
            event = {"type": "epoch", **{name: epoch[name] for name in EPOCH_FIGURES}}
            yield event_row(run, self.epochs, event)
            self.epochs += 1
            self.seconds += epoch["seconds"]
            self.test_accuracy = epoch["test_accuracy"]
        end = {"type": "status", "status": archived.status, "step": archived.step}
        yield event_row(run, self.epochs, end | {"reason": archived.reason})


def event_row(run: str, number: int, event: dict[str, Any]) -> Row:
    """Return the row of an event."""
    return {"run": run, "number": number, "epoch": event.get("epoch"), "text": strict_json(event)}


def command_rows(run: str, archived: ArchivedRun) -> Iterable[Row]:
    """Yield the rows of a run's commands."""
    for number, command in enumerate(archived.commands):
        content = strict_json(command["content"])
        yield {"run": run, "number": number, "step": command["step"], "content": content}

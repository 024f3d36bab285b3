"""Storage: all that outlives the server. Rows go through the journal, files are written beside."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from app.runs.checkpoint_files import CheckpointFiles
from app.runs.database import commands, connect, events, runs
from app.runs.journal import Journal
from app.runs.record import Record
from app.runs.room import StoredEvent
from app.runs.steering import TakenCommand, from_json
from app.runs.store_folder import StoreError, open_folder
from app.settings import Settings

log = structlog.get_logger()

CHUNK = 1000  # events read at a time: a long run has a million


def check_storage(settings: Settings) -> None:
    """Open and close what runs are kept in. Raises StoreError, OSError."""
    folder = open_folder(settings)
    try:
        _connect(settings, folder.path).dispose()
    finally:
        folder.close()


def _connect(settings: Settings, folder: Path) -> Engine:
    """Return the engine of the runs' database. Raises StoreError."""
    try:
        return connect(settings.database_url or f"sqlite:///{folder / 'nudge.sqlite'}")
    except SQLAlchemyError as error:
        words = str(error.__cause__ or error).splitlines()[0]
        raise StoreError(f"the database of the runs can't be opened: {words}") from error


class Storage:
    """A folder, a database, its journal, and the checkpoint files.

    ``on_trouble`` is called with why something can't be kept, and with None once it can again.
    """

    def __init__(self, settings: Settings, on_trouble: Callable[[str | None], None]) -> None:
        """Open all of it. Raises StoreError, OSError."""
        self._folder = open_folder(settings)
        self.path = self._folder.path
        self._on_trouble = on_trouble
        self._troubles: dict[str, str] = {}
        self._engine = _connect(settings, self.path)
        self.journal = Journal(self._engine, lambda why: self._note_trouble("epochs", why))
        self.files = CheckpointFiles(
            self.path / "checkpoints",
            lambda: self.journal.trouble is None,
            lambda why: self._note_trouble("checkpoints", why),
        )

    async def close(self) -> None:
        """Write what is still waiting, and close."""
        await asyncio.to_thread(self.journal.close)
        await asyncio.to_thread(self.files.close)
        self._engine.dispose()
        self._folder.close()

    def problems(self) -> list[str]:
        """Return what can't be kept at present, and why."""
        return [f"{what} can't be kept: {why}" for what, why in self._troubles.items()]

    def runs(self) -> list[tuple[Record, list[TakenCommand]]]:
        """Return all runs and their commands, the oldest first. Blocks."""
        with self._engine.connect() as connection:
            of_run = defaultdict(list)
            for row in connection.execute(
                select(commands).order_by(commands.c.run, commands.c.number)
            ):
                of_run[row.run].append((row.step, json.loads(row.content)))
            rows = connection.execute(select(runs).order_by(runs.c.created, runs.c.id)).mappings()
            found = []
            for described in rows:
                run = described["id"]
                try:
                    commands_of = [TakenCommand(step, from_json(c)) for step, c in of_run[run]]
                    record = Record.of_row(dict(described), len(commands_of))
                    found.append((record, commands_of))
                except (KeyError, TypeError, ValueError):  # the other runs are not affected
                    log.exception("store", run=run, trouble="its record can't be read")
            return found

    def events(self, run: str, first: int, limit: int = CHUNK) -> list[StoredEvent]:
        """Return the events of a run from a number on. Blocks."""
        query = select(events).where(events.c.run == run, events.c.number >= first)
        return self._events(query.order_by(events.c.number).limit(limit))

    def last_events(self, run: str, limit: int) -> list[StoredEvent]:
        """Return the last events of a run, in order. Blocks."""
        query = select(events).where(events.c.run == run)
        return self._events(query.order_by(events.c.number.desc()).limit(limit))[::-1]

    def epochs(self, run: str, after: int, limit: int = CHUNK) -> list[StoredEvent]:
        """Return the epochs of a run after one. Blocks."""
        query = select(events).where(events.c.run == run, events.c.epoch > after)
        return self._events(query.order_by(events.c.epoch).limit(limit))

    def _events(self, query: Any) -> list[StoredEvent]:
        with self._engine.connect() as connection:
            return [
                StoredEvent(row.number, row.text, row.epoch) for row in connection.execute(query)
            ]

    def _note_trouble(self, what: str, why: str | None) -> None:
        """Say what can't be kept, or that all can be again."""
        if why:
            self._troubles[what] = why
            log.error("store", what=what, trouble=why)
        else:
            self._troubles.pop(what, None)
            log.info("store", what=what, trouble=None)
        problems = self.problems()
        self._on_trouble("; ".join(problems) if problems else None)

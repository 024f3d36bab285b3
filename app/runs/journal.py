"""The journal: writes what happens in all runs to the database, in order, before it is told.

One thread writes. Whatever has come in while it was writing goes into its next transaction, so many
runs share the time that a disk takes to say that it has kept something.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from app.runs.database import commands, events, runs

log = structlog.get_logger()

RETRY_SECONDS = 1.0

Row = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """What is written together: an event, a command, a run as it is now, or that it is deleted.

    ``tell`` is called in the server's thread once all of that is kept, and after the lines before.
    """

    tell: Callable[[], None] | None = None
    event: Row | None = None
    command: Row | None = None
    run: Row | None = None
    deleted_run: str | None = None

    @property
    def is_written(self) -> bool:
        """Whether there is anything to write, not only to tell."""
        return any((self.event, self.command, self.run, self.deleted_run))


class Journal:
    """Takes lines, writes them, and has them told.

    While the database can't be written (a full disk, a server that is down) the lines are told all
    the same, since training goes on, and kept in memory until they can be written. ``on_trouble``
    is called with the reason then, and with None once all is written again.
    """

    def __init__(self, engine: Engine, on_trouble: Callable[[str | None], None]) -> None:
        self.trouble: str | None = None
        self._engine = engine
        self._on_trouble = on_trouble
        insert = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert
        self._add_events = insert(events).on_conflict_do_nothing()
        self._add_commands = insert(commands).on_conflict_do_nothing()
        put = insert(runs)
        changes = {c.name: put.excluded[c.name] for c in runs.c if c.name != "id"}
        self._put_runs = put.on_conflict_do_update(index_elements=["id"], set_=changes)
        self._loop = asyncio.get_running_loop()
        self._lines: list[Line] = []
        self._changed = threading.Condition()
        self._is_closing = False
        self._unwritten: list[Line] = []  # of the thread: what could not be written yet
        self._thread = threading.Thread(target=self._write_all, name="journal", daemon=True)
        self._thread.start()

    def add(self, line: Line) -> None:
        """Have a line written after all those before, and told."""
        with self._changed:
            self._lines.append(line)
            self._changed.notify()

    async def write(self, line: Line | None = None) -> None:
        """Return once a line, and all those before, are written, or known not to be."""
        done = self._loop.create_future()
        if line:
            self.add(line)
        self.add(Line(lambda: None if done.done() else done.set_result(None)))
        await done

    @property
    def backlog(self) -> int:
        """How many lines are not written yet."""
        return len(self._lines) + len(self._unwritten)

    def close(self) -> None:
        """Write what there is, if that can be written at all, and end. Blocks."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        self._thread.join()

    def _write_all(self) -> None:
        """Write until closed: the thread."""
        is_closing = False
        while not is_closing:
            with self._changed:
                if self._unwritten:
                    self._changed.wait_for(lambda: self._is_closing, RETRY_SECONDS)
                else:
                    self._changed.wait_for(lambda: self._lines or self._is_closing)
                lines, self._lines = self._lines, []
                is_closing = self._is_closing
            before = self._unwritten
            self._unwritten = [*before, *(line for line in lines if line.is_written)]
            trouble = None
            try:
                if self._unwritten:
                    with self._engine.begin() as connection:
                        self._write(connection, self._unwritten)
                    self._unwritten = []
            except SQLAlchemyError as error:
                # The driver's own words are the first line; the rest is the statement.
                trouble = str(error.__cause__ or error).splitlines()[0]
            with contextlib.suppress(RuntimeError):  # the server's loop has ended
                self._loop.call_soon_threadsafe(self._tell, lines, trouble)

    def _write(self, connection: Connection, lines: Iterable[Line]) -> None:
        """Write lines in one transaction.

        A line may have been written already, if the connection broke before the database could say
        so: to write it again changes nothing.
        """
        newest = {line.run["id"]: line.run for line in lines if line.run}
        for statement, rows in (
            (self._add_events, [line.event for line in lines if line.event]),
            (self._add_commands, [line.command for line in lines if line.command]),
            (self._put_runs, list(newest.values())),
        ):
            if rows:
                connection.execute(statement, rows)
        for line in lines:
            if line.deleted_run:
                connection.execute(delete(events).where(events.c.run == line.deleted_run))
                connection.execute(delete(commands).where(commands.c.run == line.deleted_run))
                connection.execute(delete(runs).where(runs.c.id == line.deleted_run))

    def _tell(self, lines: list[Line], trouble: str | None) -> None:
        """Tell what was written, or what could not be: in the server's thread."""
        if trouble != self.trouble:
            self.trouble = trouble
            self._on_trouble(trouble)
        for line in lines:
            if line.tell:
                line.tell()

"""The database in which runs and sweeps are kept, SQLite or PostgreSQL.

With ``connecting.py``, ``tables.py`` and the migrations it is the only place that speaks SQL. It is
imported when a store is opened.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from app.log import log
from app.runs.connecting import connect
from app.runs.journal import NeverWritableError, NotWritableError, Row, Write
from app.runs.record import Record
from app.runs.room import StoredEvent
from app.runs.steering import TakenCommand, from_json
from app.runs.store_folder import StoreError
from app.runs.tables import commands, events, runs, store, sweeps

NEVER = (DataError, IntegrityError, ValueError, OverflowError)
"""What is raised for a row that the database can't take: a NUL, half a character, a number that is
too large."""
REMOVED = 2000  # rows at a time: others want to write, too
CHUNK = 1000  # events read at a time: a long run has a million


class Database:
    """The runs, their events and their commands. All methods block."""

    def __init__(self, url: str) -> None:
        """Open it, and bring its tables up to date. Raises StoreError."""
        try:
            self._engine = connect(url)
        except (SQLAlchemyError, ImportError) as error:
            raise StoreError(f"the database of the runs can't be opened: {words(error)}") from error
        # Both dialects have an INSERT … ON CONFLICT of their own; only one is imported.
        inserted = import_module(f"sqlalchemy.dialects.{self._engine.dialect.name}").insert
        self._insert_events = inserted(events).on_conflict_do_nothing()
        self._insert_commands = inserted(commands).on_conflict_do_nothing()

        def put(table: Table) -> Any:
            into = inserted(table)
            changes = {c.name: into.excluded[c.name] for c in table.c if c.name != "id"}
            return into.on_conflict_do_update(index_elements=["id"], set_=changes)

        self._put_runs, self._put_sweeps = put(runs), put(sweeps)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def write(self, writes: Iterable[Write]) -> None:
        """Commit writes in one transaction. Raises NotWritableError and NeverWritableError.

        They may be on disk already, if the connection broke before the database could confirm
        that: writing them again changes nothing.
        """
        try:
            with self._engine.begin() as connection:
                self._write(connection, writes)
        except NEVER as error:
            raise NeverWritableError(words(error)) from error
        except SQLAlchemyError as error:
            raise NotWritableError(words(error)) from error

    def _write(self, connection: Connection, writes: Iterable[Write]) -> None:
        newest = {write.run["id"]: write.run for write in writes if write.run}
        sweeps_now = {write.sweep["id"]: write.sweep for write in writes if write.sweep}
        for statement, rows in (
            (self._insert_events, [write.event for write in writes if write.event]),
            (self._insert_commands, [write.command for write in writes if write.command]),
            (self._put_runs, list(newest.values())),
            (self._put_sweeps, list(sweeps_now.values())),
        ):
            if rows:
                connection.execute(statement, rows)
        for write in writes:
            if write.folded and write.run:
                before = (commands.c.run == write.run["id"]) & (commands.c.number < write.folded)
                connection.execute(delete(commands).where(before))
            if write.deleted_run:
                connection.execute(delete(runs).where(runs.c.id == write.deleted_run))
            if write.deleted_sweep:
                connection.execute(delete(sweeps).where(sweeps.c.id == write.deleted_sweep))

    def stage(self, table: str, rows: list[Row]) -> None:
        """Write events or commands of a run that has no row of its own yet.

        Raises NotWritableError.
        """
        statement = self._insert_events if table == "events" else self._insert_commands
        try:
            with self._engine.begin() as connection:
                connection.execute(statement, rows)
        except SQLAlchemyError as error:
            raise NotWritableError(words(error)) from error

    def add_runs(self, rows: list[Row], sweep: Row | None = None) -> None:
        """Write the rows of new runs, and of their sweep: all or none. Raises NotWritableError."""
        try:
            with self._engine.begin() as connection:
                if rows:
                    connection.execute(self._put_runs, rows)
                if sweep:
                    connection.execute(self._put_sweeps, sweep)
        except SQLAlchemyError as error:
            raise NotWritableError(words(error)) from error

    def remove_some(self, run: str) -> bool:
        """Remove some of the events and commands of a run that has no row; return if any are left.

        Raises NotWritableError.
        """
        try:
            with self._engine.begin() as connection:
                removed = 0
                for table in (commands, events):
                    numbers = select(table.c.number).where(table.c.run == run).limit(REMOVED)
                    found = connection.execute(numbers).scalars().all()
                    if found:
                        low, high = min(found), max(found)
                        some = table.c.number.between(low, high)
                        connection.execute(delete(table).where(table.c.run == run, some))
                    removed += len(found)
        except SQLAlchemyError as error:
            raise NotWritableError(words(error)) from error
        return removed > 0

    def ids(self) -> set[str]:
        """Return the ids of all runs, also of those whose record can't be read."""
        with self._engine.connect() as connection:
            return set(connection.execute(select(runs.c.id)).scalars())

    def name(self) -> str | None:
        """Return the name of the folder that these runs belong to, if that is known."""
        with self._engine.connect() as connection:
            return connection.execute(select(store.c.name)).scalar()

    def set_name(self, name: str) -> None:
        """Note the name of the folder that these runs belong to."""
        with self._engine.begin() as connection:
            connection.execute(insert(store).values(name=name))

    def check(self) -> None:
        """Read all that is read at the start. Raises StoreError."""
        try:
            self.runs()
            self.name()
        except SQLAlchemyError as error:
            raise StoreError(
                f"the database of the runs can't be read: {words(error)}. Restore it from a backup"
            ) from error

    def runs(self) -> list[tuple[Record, list[TakenCommand]]]:
        """Return all runs and their commands, the oldest first."""
        with self._engine.connect() as connection:
            of_run = defaultdict(list)
            counts: Counter[str] = Counter()
            for row in connection.execute(
                select(commands).order_by(commands.c.run, commands.c.number)
            ):
                of_run[row.run].append((row.step, json.loads(row.content)))
                counts[row.run] = row.number + 1  # the first of them may be folded
            rows = connection.execute(select(runs).order_by(runs.c.created, runs.c.id)).mappings()
            found = []
            for described in rows:
                run = described["id"]
                try:
                    taken = [TakenCommand(step, from_json(c)) for step, c in of_run[run]]
                    found.append((Record.of_row(dict(described), counts[run]), taken))
                except (KeyError, TypeError, ValueError):  # the other runs are not affected
                    log.exception("store", run=run, trouble="its record can't be read")
            return found

    def sweeps(self) -> list[Row]:
        """Return the rows of all sweeps, the oldest first."""
        with self._engine.connect() as connection:
            query = select(sweeps).order_by(sweeps.c.created, sweeps.c.id)
            return [dict(row) for row in connection.execute(query).mappings()]

    def events(self, run: str, first: int, limit: int = CHUNK) -> list[StoredEvent]:
        """Return the events of a run from a number on."""
        query = select(events).where(events.c.run == run, events.c.number >= first)
        return self._events(query.order_by(events.c.number).limit(limit))

    def last_events(self, run: str, limit: int) -> list[StoredEvent]:
        """Return the last events of a run, in order."""
        query = select(events).where(events.c.run == run)
        return self._events(query.order_by(events.c.number.desc()).limit(limit))[::-1]

    def epochs(self, run: str, after: int, limit: int = CHUNK) -> list[StoredEvent]:
        """Return the epochs of a run after one."""
        query = select(events).where(events.c.run == run, events.c.epoch > after)
        return self._events(query.order_by(events.c.epoch).limit(limit))

    def thinned_epochs(self, run: str, every: int) -> list[StoredEvent]:
        """Return each epoch of a run whose number can be divided by one."""
        query = select(events).where(events.c.run == run, events.c.epoch % every == 0)
        return self._events(query.order_by(events.c.epoch))

    def _events(self, query: Any) -> list[StoredEvent]:
        with self._engine.connect() as connection:
            rows = connection.execute(query)
            return [StoredEvent(row.number, row.text, row.epoch) for row in rows]


def words(error: Exception) -> str:
    """Return the driver's own words: the first line; the rest is the statement."""
    return str(error.__cause__ or error).splitlines()[0]

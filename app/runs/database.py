"""The database in which runs are kept, SQLite or PostgreSQL.

With ``tables.py`` and the migrations it is the only place that speaks SQL.

It is imported when a store is opened, and Alembic only where there is something to migrate: both
take as long to import as everything else together.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    delete,
    event,
    insert,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from app.log import log
from app.runs.journal import NeverWritableError, NotWritableError, Row, Write
from app.runs.record import Record
from app.runs.room import StoredEvent
from app.runs.steering import TakenCommand, from_json
from app.runs.store_folder import StoreError
from app.runs.tables import commands, events, metadata, runs, store

MIGRATIONS = Path(__file__).with_name("migrations")
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
        put = inserted(runs)
        changes = {c.name: put.excluded[c.name] for c in runs.c if c.name != "id"}
        self._put_runs = put.on_conflict_do_update(index_elements=["id"], set_=changes)

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
        for statement, rows in (
            (self._insert_events, [write.event for write in writes if write.event]),
            (self._insert_commands, [write.command for write in writes if write.command]),
            (self._put_runs, list(newest.values())),
        ):
            if rows:
                connection.execute(statement, rows)
        for write in writes:
            if write.folded and write.run:
                before = (commands.c.run == write.run["id"]) & (commands.c.number < write.folded)
                connection.execute(delete(commands).where(before))
            if write.deleted_run:
                connection.execute(delete(runs).where(runs.c.id == write.deleted_run))

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

    def add_runs(self, rows: list[Row]) -> None:
        """Write the rows of new runs, all of them or none. Raises NotWritableError."""
        try:
            with self._engine.begin() as connection:
                connection.execute(self._put_runs, rows)
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

    def _events(self, query: Any) -> list[StoredEvent]:
        with self._engine.connect() as connection:
            rows = connection.execute(query)
            return [StoredEvent(row.number, row.text, row.epoch) for row in rows]


def connect(url: str) -> Engine:
    """Return the engine of a database whose tables are up to date.

    Raises SQLAlchemyError, ImportError and StoreError.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() not in ("sqlite", "postgres", "postgresql"):
        raise StoreError(
            f"NUDGE_DATABASE_URL: runs can be kept in sqlite or postgresql, not in "
            f"{parsed.get_backend_name()}"
        )
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(parsed, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _make_durable)
    with engine.begin() as connection:
        if not inspect(connection).get_table_names():
            make_tables(connection)
        elif not is_up_to_date(connection):
            migrate(connection)
    return engine


def is_up_to_date(connection: Connection) -> bool:
    """Return whether the last migration has been made: Alembic notes that in a table."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    revisions = (
        connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    )
    newest = newest_revision()
    if newer := [revision for revision in revisions if revision > newest]:
        raise StoreError(
            f"a newer version of Nudge has used the database of the runs (its tables are of "
            f"{newer[0]}, this version's of {newest}): upgrade, or restore a backup"
        )
    return revisions == [newest]


def newest_revision() -> str:
    """Return the number of the last migration."""
    last = max(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    return last.partition("_")[0]


def make_tables(connection: Connection) -> None:
    """Make the tables in an empty database, as the migrations would: those take Alembic."""
    newest = newest_revision()
    metadata.create_all(connection)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.execute(text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": newest})


def migrate(connection: Connection) -> None:
    """Bring the tables up to date."""
    from alembic import command  # noqa: PLC0415 - rarely needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def words(error: Exception) -> str:
    """Return the driver's own words: the first line; the rest is the statement."""
    return str(error.__cause__ or error).splitlines()[0]


def _make_durable(connection: Any, _record: object) -> None:
    """Make SQLite keep commits through a power cut, and let others read while it writes."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()

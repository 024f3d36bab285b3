"""Connecting to the database of the runs, with its tables brought up to date.

Alembic is imported only where there is something to migrate: it takes as long to import as
everything else together.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text

from app.runs.store_folder import StoreError
from app.runs.tables import metadata

MIGRATIONS = Path(__file__).with_name("migrations")


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


def _make_durable(connection: Any, _record: object) -> None:
    """Make SQLite keep commits through a power cut, and let others read while it writes."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()

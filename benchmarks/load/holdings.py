"""What a server holds: memory, descriptors, processes, files and rows (Linux)."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

DATABASES = ("*.db", "*.sqlite", "*.sqlite3")
BESIDE_A_DATABASE = ("-wal", "-shm", "-journal")  # SQLite's own, which come and go


def memory_kib(process: int) -> int:
    """Return a process's resident memory."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    return next(int(line.split()[1]) for line in lines if line.startswith("Rss:"))


def processor_seconds(process: int) -> float:
    """Return the processor time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def descriptors(process: int) -> int:
    """Return how many files, pipes and sockets a process has open."""
    return sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())


def children(process: int) -> list[int]:
    """Return the processes that a process has started and that are still there, and theirs."""
    found: list[int] = []
    for children_of_thread in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # the thread has ended
            found += map(int, children_of_thread.read_text().split())
    return found + [grandchild for child in found for grandchild in children(child)]


def files(*folders: Path) -> set[str]:
    """Return the files in these folders."""
    return {
        str(path)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(BESIDE_A_DATABASE)
    }


def rows(folder: Path) -> dict[str, int]:
    """Return the number of rows of each table of the SQLite databases in a folder."""
    counted = {}
    for path in (path for pattern in DATABASES for path in folder.rglob(pattern)):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (table,) in tables.fetchall():
                count = database.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
                counted[f"{path.name}: {table}"] = int(count.fetchone()[0])
    return counted


class Holdings(NamedTuple):
    """What a server and its folders hold at a moment."""

    memory_kib: int
    descriptors: int
    processes: int
    files: set[str]
    rows: dict[str, int]


def holdings(process: int, *folders: Path) -> Holdings:
    """Return what a server holds now."""
    return Holdings(
        memory_kib(process),
        descriptors(process),
        len(children(process)),
        files(*folders),
        {name: count for folder in folders for name, count in rows(folder).items()},
    )

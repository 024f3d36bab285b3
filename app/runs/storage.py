"""Storage: all that outlives the server, in a folder that it has to itself.

Rows go through the journal into the database; checkpoints are files beside it.
"""

import asyncio
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.log import log
from app.runs.checkpoint_files import CheckpointFiles
from app.runs.journal import Journal, NotWritableError, Write
from app.runs.record import Record
from app.runs.saved_training import is_at
from app.runs.store_folder import StoreError, StoreFolder, open_folder
from app.settings import Settings

SHORT_SECONDS = 0.5  # within which all but long runs are removed
BREATH = 0.01  # seconds between two removals, in which others write
MOST_STRAYS = 10  # folders that belong to no run: with more, something else is wrong

if TYPE_CHECKING:
    from app.runs.database import Database


def check_storage(settings: Settings) -> Path:
    """Open, read and close what runs are kept in; return the folder. Raises StoreError, OSError."""
    folder = open_folder(settings)
    try:
        database = open_database(settings, folder)
        database.check()
        require_pair(folder.path, database)
        database.close()
    finally:
        folder.close()
    return folder.path


def open_database(settings: Settings, folder: StoreFolder) -> "Database":
    """Return the runs' database. Raises StoreError."""
    from app.runs.database import Database  # noqa: PLC0415 - SQLAlchemy takes long to import

    return Database(settings.database_url or f"sqlite:///{folder.path / 'nudge.sqlite'}")


def require_pair(folder: Path, database: "Database") -> None:
    """Raise StoreError unless the folder and the database belong together.

    The folder has a name, which its database repeats: with a wrong address of either, runs would be
    without their networks, and networks without their runs.
    """
    path = folder / "store-name"
    here = path.read_text().strip() if path.exists() else None
    there = database.name()
    if here == there is not None:
        return
    has_runs, has_files = bool(database.ids()), any((folder / "checkpoints").glob("*/*"))
    if (here and there) or (there and has_runs) or (here and has_files and not has_runs):
        raise StoreError(
            f"{folder} and the database of the runs do not belong together: NUDGE_STORE_DIR or "
            "NUDGE_DATABASE_URL is another server's, or one of the two is empty. To begin anew, "
            "empty both"
        )
    name = here or there or secrets.token_hex(16)
    if not here:
        path.write_text(name)
    if not there:
        database.set_name(name)


class Storage:
    """A folder, a database, its journal, and the checkpoint files.

    ``on_trouble`` is called with why something can't be kept, and with None once it can again;
    ``on_set_aside`` with a single write that never can be.
    """

    def __init__(
        self,
        settings: Settings,
        on_trouble: Callable[[str | None], None],
        on_set_aside: Callable[[Write, str], None],
    ) -> None:
        """Open all of it. Raises StoreError, OSError."""
        self._folder = open_folder(settings)
        self.path = self._folder.path
        self.scratch = self.path / ".nudge-scratch"
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir()
        self._on_trouble = on_trouble
        self._troubles: dict[str, str] = {}
        self._removing: set[asyncio.Task[None]] = set()
        self._is_closing = False
        self.database = open_database(settings, self._folder)
        require_pair(self.path, self.database)
        self.journal = Journal(
            self.database.write, lambda why: self._note_trouble("epochs", why), on_set_aside
        )
        self.files = CheckpointFiles(
            self.path / "checkpoints",
            lambda: self.journal.trouble is None,
            lambda why: self._note_trouble("checkpoints", why),
        )

    async def close(self) -> None:
        """Write what is still waiting, and close."""
        self._is_closing = True
        await asyncio.gather(*self._removing, return_exceptions=True)
        await asyncio.to_thread(self.journal.close)
        await asyncio.to_thread(self.files.close)
        self.database.close()
        self._folder.close()

    async def forget(self, run: str) -> None:
        """Remove what is left of a run that was deleted: a long one's rows in the background."""
        if self.journal.trouble is None:
            removing = asyncio.create_task(asyncio.to_thread(self.remove_rest, run))
            self._removing.add(removing)
            removing.add_done_callback(self._removing.discard)
            await asyncio.wait([removing], timeout=SHORT_SECONDS)

    def remove_rest(self, run: str) -> None:
        """Remove the events, commands and files of a run that has no row, some at a time. Blocks.

        The folder goes last: what is not removed now is known by it when the server starts again.
        """
        try:
            while self.database.remove_some(run):
                if self._is_closing:
                    return
                time.sleep(BREATH)
        except NotWritableError:
            log.exception("store", run=run, trouble="it could not be removed")
        else:
            self.files.remove_marked(run)

    async def recover(self) -> None:
        """Clear up what the last server was in the middle of; put aside what nobody knows."""
        known = await asyncio.to_thread(self.database.ids)
        for run in await asyncio.to_thread(self.files.recover, known):
            await self.forget(run)
        strays = await asyncio.to_thread(self.files.runs) - known
        if len(strays) > MOST_STRAYS:
            log.error("store", trouble=f"{len(strays)} folders in {self.path} belong to no run")
            return
        for run in strays:
            aside = self.path / "aside"
            log.error("store", trouble=f"a folder belongs to no run: it is in {aside} now", run=run)
            await asyncio.to_thread(self.files.put_aside, run, aside)

    def problems(self) -> list[str]:
        """Return what can't be kept at the moment, and why."""
        return [f"{what} can't be kept: {why}" for what, why in self._troubles.items()]

    def _note_trouble(self, what: str, why: str | None) -> None:
        """Report what can't be kept, or that everything can be again."""
        if why:
            self._troubles[what] = why
            log.error("store", what=what, trouble=why)
        else:
            self._troubles.pop(what, None)
            log.info("store", what=what, trouble=None)
        problems = self.problems()
        self._on_trouble("; ".join(problems) if problems else None)

    def mended(self, record: Record) -> Record:
        """Return a record without a best epoch that is not kept: the server ended just then."""
        best = record.best
        is_kept = best is None or best.epoch in self.files.epochs(record.id)
        return record if is_kept else replace(record, best=None)

    def is_behind(self, record: Record) -> bool:
        """Return whether a paused run's saved training is older than the run is."""
        return not is_at(self.files.get(record.id, "training"), record.step, record.commands)

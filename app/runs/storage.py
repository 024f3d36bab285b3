"""Storage: all that outlives the server, in a folder that it has to itself.

Rows go through the journal into the database; checkpoints are files beside it.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.log import log
from app.runs.checkpoint_files import CheckpointFiles
from app.runs.journal import Journal
from app.runs.record import Record
from app.runs.store_folder import StoreFolder, open_folder
from app.settings import Settings
from nn_core import checkpoints

if TYPE_CHECKING:
    from app.runs.database import Database


def check_storage(settings: Settings) -> None:
    """Open and close what runs are kept in. Raises StoreError, OSError."""
    folder = open_folder(settings)
    try:
        open_database(settings, folder).close()
    finally:
        folder.close()


def open_database(settings: Settings, folder: StoreFolder) -> "Database":
    """Return the runs' database. Raises StoreError."""
    from app.runs.database import Database  # noqa: PLC0415 - SQLAlchemy takes long to import

    return Database(settings.database_url or f"sqlite:///{folder.path / 'nudge.sqlite'}")


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
        self.database = open_database(settings, self._folder)
        self.journal = Journal(self.database.write, lambda why: self._note_trouble("epochs", why))
        self.files = CheckpointFiles(
            self.path / "checkpoints",
            lambda: self.journal.trouble is None,
            lambda why: self._note_trouble("checkpoints", why),
        )

    async def close(self) -> None:
        """Write what is still waiting, and close."""
        await asyncio.to_thread(self.journal.close)
        await asyncio.to_thread(self.files.close)
        self.database.close()
        self._folder.close()

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

    def is_behind(self, record: Record) -> bool:
        """Return whether a paused run's saved training is older than the run is."""
        file = self.files.get(record.id, "training")
        if file is None:
            return True
        metadata = checkpoints.read_metadata(file)
        return (int(metadata["step"]), int(metadata["commands"])) != (
            record.step,
            record.commands,
        )

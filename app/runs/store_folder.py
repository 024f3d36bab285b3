"""The folder in which a server keeps its runs. No two servers share one."""

import fcntl
import itertools
import os
from pathlib import Path

from app.settings import Settings


class StoreError(Exception):
    """The folder or the database can't be used; the message says why."""


class StoreInUseError(StoreError):
    """Another server uses the folder."""


class StoreFolder:
    """A folder that is locked for this server until it is closed."""

    def __init__(self, path: Path) -> None:
        """Raises StoreInUseError, or OSError if the folder can't be made."""
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = path
        self._lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # released when the process ends
        except BlockingIOError:
            os.close(self._lock)
            raise StoreInUseError(
                f"another server keeps its runs in {path}: give this one a folder of its own, "
                "NUDGE_STORE_DIR"
            ) from None

    def close(self) -> None:
        """Unlock the folder."""
        os.close(self._lock)


def open_folder(settings: Settings) -> StoreFolder:
    """Return the folder of the settings.

    Where they name none, a second server on the same machine gets a folder nudge-2, and so on, so
    that trying something on another port just works, and no run is ever trained twice.
    Raises StoreInUseError and OSError.
    """
    if settings.store_dir:
        return StoreFolder(settings.store_dir)
    home = Path.home() / ".local" / "share"
    if settings.database_url:
        return StoreFolder(home / "nudge")
    for number in itertools.count(1):
        try:
            return StoreFolder(home / ("nudge" if number == 1 else f"nudge-{number}"))
        except StoreInUseError:
            continue
    raise AssertionError

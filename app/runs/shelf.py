"""The shelf: a run's files, each written whole or not at all.

A file is written under a temporary name, synced to the disk, and renamed: whoever reads it finds
the old one or the new one. One thread writes, in the order in which files came; one that is
replaced or removed before its turn is never written.
"""

import asyncio
import contextlib
import math
import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

RETRY_SECONDS = 1.0
CLOSE_SECONDS = 2.0  # what is not written by then is made again: it came after what is
SUFFIX = ".safetensors"

Key = tuple[str, str]  # a run's id, and a file's name


class Shelf:
    """A folder for each run, with checkpoints by their epoch and others by their name.

    ``may_write`` says whether the database has kept what came before: files are never ahead of it.
    """

    def __init__(
        self,
        folder: Path,
        may_write: Callable[[], bool],
        on_trouble: Callable[[str | None], None],
    ) -> None:
        self.trouble: str | None = None
        self._folder = folder
        self._may_write = may_write
        self._on_trouble = on_trouble
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[Key, bytes] = {}
        self._changed = threading.Condition()
        self._is_closing = False
        self._deadline = math.inf
        folder.mkdir(parents=True, exist_ok=True)
        self._thread = threading.Thread(target=self._write_all, name="shelf", daemon=True)
        self._thread.start()

    def put(self, run: str, name: str, data: bytes) -> None:
        """Have a file written, after all those before."""
        with self._changed:
            self._waiting.pop((run, name), None)  # so that it goes to the end
            self._waiting[run, name] = data
            self._changed.notify_all()

    async def write(self, run: str, name: str, data: bytes) -> None:
        """Have a file written before all others, for somebody waits.

        Return once it is on the disk, or known not to get there for now.
        """
        with self._changed:
            self._waiting = {(run, name): data} | self._waiting | {(run, name): data}
            self._changed.notify_all()
        await asyncio.to_thread(self._wait_for, (run, name))

    def get(self, run: str, name: str) -> bytes | None:
        """Return a file, or None if there is none. Blocks."""
        with self._changed:
            data = self._waiting.get((run, name))
        if data is None:
            with contextlib.suppress(FileNotFoundError):
                data = self._path(run, name).read_bytes()
        return data

    def epochs(self, run: str) -> set[int]:
        """Return the epochs whose checkpoints are there. Blocks."""
        names = (path.stem for path in (self._folder / run).glob(f"*{SUFFIX}"))
        return {int(name) for name in names if name.isdecimal()}

    def remove(self, run: str, name: str) -> None:
        """Remove a file, if there is one."""
        with self._changed:
            self._waiting.pop((run, name), None)
            self._path(run, name).unlink(missing_ok=True)

    def remove_run(self, run: str) -> None:
        """Remove all files of a run. Blocks."""
        with self._changed:
            for key in [key for key in self._waiting if key[0] == run]:
                del self._waiting[key]
            shutil.rmtree(self._folder / run, ignore_errors=True)

    def runs(self) -> set[str]:
        """Return the runs that have files. Blocks."""
        return {path.name for path in self._folder.iterdir()}

    def close(self) -> None:
        """Write what there is, if that can be written at all and soon, and end. Blocks."""
        with self._changed:
            self._is_closing = True
            self._deadline = time.monotonic() + CLOSE_SECONDS
            self._changed.notify_all()
        self._thread.join()

    def _path(self, run: str, name: str) -> Path:
        return self._folder / run / f"{name}{SUFFIX}"

    def _wait_for(self, key: Key) -> None:
        with self._changed:
            self._changed.wait_for(
                lambda: key not in self._waiting or self.trouble or not self._may_write()
            )

    def _write_all(self) -> None:
        """Write until closed: the thread."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._is_closing)
                if not self._waiting or time.monotonic() > self._deadline:
                    return
                key, data = next(iter(self._waiting.items()))
            trouble = self._write(key, data) if self._may_write() else self.trouble
            with self._changed:
                if trouble is None and self._may_write():
                    if self._waiting.get(key) is data:
                        del self._waiting[key]
                elif self._is_closing:
                    return
                if trouble != self.trouble:
                    self.trouble = trouble
                    with contextlib.suppress(RuntimeError):  # the server's loop has ended
                        self._loop.call_soon_threadsafe(self._on_trouble, trouble)
                self._changed.notify_all()
                if trouble or not self._may_write():
                    self._changed.wait_for(lambda: self._is_closing, RETRY_SECONDS)

    def _write(self, key: Key, data: bytes) -> str | None:
        """Write a file; return why that was not possible, or None."""
        path = self._path(*key)
        scratch = path.with_name(f"{path.name}.part")
        try:
            path.parent.mkdir(exist_ok=True)
            with scratch.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            with self._changed:  # it may have been removed or replaced meanwhile
                if self._waiting.get(key) is data:
                    scratch.rename(path)
                else:
                    scratch.unlink()
                    with contextlib.suppress(OSError):  # unless its run has other files
                        path.parent.rmdir()
        except OSError as error:
            with contextlib.suppress(OSError):
                scratch.unlink()
            if self._waiting.get(key) is not data:  # its run was removed meanwhile
                return None
            return error.strerror or str(error)
        return None

"""The checkpoint files of all runs, each written whole or not at all.

A file is written under a temporary name, synced to the disk, and renamed: a reader finds the old
one or the new one. One thread writes, in the order in which files came; one that is
replaced or removed before its turn is never written.
"""

import asyncio
import contextlib
import json
import math
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from app.log import log

RETRY_SECONDS = 1.0
CLOSE_SECONDS = 2.0  # for writing what is left; the rest is trained again after a restart
SUFFIX = ".safetensors"
ALL = "*"  # instead of a file's name: all files of a run
INCOMING, DELETED = ".incoming-", ".deleted--"  # before a run's id: of the same length

Key = tuple[str, str]  # a run's id, and a file's name


class CheckpointFiles:
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
        self._waiting: dict[Key, bytes | None] = {}  # None is to be removed
        self._changed = threading.Condition()
        self._is_closing = False
        self._deadline = math.inf
        folder.mkdir(parents=True, exist_ok=True)
        self._thread = threading.Thread(
            target=self._write_all, name="checkpoint files", daemon=True
        )
        self._thread.start()

    def put(self, run: str, name: str, data: bytes) -> None:
        """Queue a file to be written."""
        self._ask((run, name), data)

    async def write(self, run: str, name: str, data: bytes) -> None:
        """Write a file before all that are queued.

        Return once it is on disk, or known not to be writable for now.
        """
        self._ask((run, name), data, first=True)
        await asyncio.to_thread(self._wait_for, (run, name))

    def remove(self, run: str, name: str) -> None:
        """Queue a file to be removed, if there is one."""
        self._ask((run, name), None)

    async def retire(self, run: str) -> None:
        """Mark all files of a run as those of one that is deleted."""
        with self._changed:
            for key in [key for key in self._waiting if key[0] == run]:
                del self._waiting[key]
        self._ask((run, ALL), None, first=True)
        await asyncio.to_thread(self._wait_for, (run, ALL))

    def get(self, run: str, name: str) -> bytes | None:
        """Return a file, or None if there is none, or it is damaged. Blocks."""
        with self._changed:
            if (run, name) in self._waiting:
                return self._waiting[run, name]
        try:
            data = self._path(run, name).read_bytes()
        except OSError as error:
            if not isinstance(error, FileNotFoundError):
                log.exception("store", run=run, file=name, trouble="it can't be read")
            return None
        if is_whole(data):
            return data
        log.error("store", run=run, file=name, trouble="it is damaged, and was put aside")
        with contextlib.suppress(OSError):
            path = self._path(run, name)
            path.rename(path.with_suffix(".damaged"))
        return None

    def epochs(self, run: str) -> set[int]:
        """Return the epochs whose checkpoints are there, or wait to be written. Blocks."""
        with self._changed:  # first: a file that is written meanwhile is in the folder by then
            waiting = {name: data for (owner, name), data in self._waiting.items() if owner == run}
        written = {path.stem for path in (self._folder / run).glob(f"*{SUFFIX}")}
        names = (written | waiting.keys()) - {name for name in waiting if waiting[name] is None}
        return {int(name) for name in names if name.isdecimal()}

    def runs(self) -> set[str]:
        """Return the runs that have files. Blocks."""
        return {path.name for path in self._folder.iterdir() if not path.name.startswith(".")}

    def receive(self, run: str, files: Iterable[tuple[str, bytes]]) -> None:
        """Write the files of a run that is on its way into the store. Blocks. Raises OSError."""
        folder = self._marked(INCOMING, run)
        folder.mkdir()
        for name, data in files:
            write_whole(folder / f"{name}{SUFFIX}", data)

    def accept(self, run: str) -> None:
        """Note that a run that was on its way is here now. Blocks."""
        self._marked(INCOMING, run).rename(self._folder / run)

    def remove_marked(self, run: str) -> None:
        """Remove the files of a run that is deleted, or did not arrive. Blocks."""
        for mark in (INCOMING, DELETED):
            shutil.rmtree(self._marked(mark, run), ignore_errors=True)

    def recover(self, known: set[str]) -> list[str]:
        """Return the runs that were being deleted, or were on their way, when the server ended.

        Those that are ``known``, since their rows are there, keep their files. Blocks.
        """
        rest = []
        for path in list(self._folder.iterdir()):
            mark, run = path.name[: len(INCOMING)], path.name[len(INCOMING) :]
            if mark not in (INCOMING, DELETED):
                continue
            if run not in known:
                rest.append(run)
            elif not (self._folder / run).exists():
                path.rename(self._folder / run)
        return rest

    def put_aside(self, run: str, folder: Path) -> None:
        """Move the files of a run that nobody knows into another folder. Blocks."""
        folder.mkdir(exist_ok=True)
        (self._folder / run).rename(folder / run)

    def _marked(self, mark: str, run: str) -> Path:
        return self._folder / f"{mark}{run}"

    def _mark(self, run: str) -> None:
        """Mark a run as deleted: what is left of it is removed later, even by the next server."""
        with contextlib.suppress(FileNotFoundError):
            (self._folder / run).rename(self._marked(DELETED, run))
            return
        self._marked(DELETED, run).mkdir(exist_ok=True)

    def close(self) -> None:
        """Write what is queued, as far as that works and is quick, and end. Blocks."""
        with self._changed:
            self._is_closing = True
            self._deadline = time.monotonic() + CLOSE_SECONDS
            self._changed.notify_all()
        self._thread.join()

    def _ask(self, key: Key, data: bytes | None, *, first: bool = False) -> None:
        """Queue a file to be written, or removed; this replaces what was queued for it before."""
        with self._changed:
            self._waiting.pop(key, None)
            if first:
                self._waiting = {key: data} | self._waiting
            self._waiting[key] = data
            self._changed.notify_all()

    def _path(self, run: str, name: str) -> Path:
        return self._folder / run / f"{name}{SUFFIX}"

    def _wait_for(self, key: Key) -> None:
        with self._changed:
            self._changed.wait_for(
                lambda: key not in self._waiting or self.trouble or not self._may_write()
            )

    def _write_all(self) -> None:
        """Write until closed: what the thread runs. It does not hold the lock while it writes."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._is_closing)
                if not self._waiting or time.monotonic() > self._deadline:
                    return
                key, data = next(iter(self._waiting.items()))
            trouble = self._do(key, data) if self._may_write() else self.trouble
            with self._changed:
                if trouble is None and self._may_write():
                    if key in self._waiting and self._waiting[key] is data:
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

    def _do(self, key: Key, data: bytes | None) -> str | None:
        """Write or remove a file, or all of a run; return why that was not possible, or None."""
        path = self._path(*key)
        try:
            if data is not None:
                path.parent.mkdir(exist_ok=True)
                write_whole(path, data)
            elif key[1] == ALL:
                self._mark(key[0])
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            return error.strerror or str(error)
        return None


def is_whole(file: bytes) -> bool:
    """Return whether a safetensors file has all the bytes that its header tells of."""
    try:
        start = 8 + int.from_bytes(file[:8], "little")
        header = json.loads(file[8:start])
        ends = [tensor["data_offsets"][1] for name, tensor in header.items() if name[:2] != "__"]
        return len(file) == start + max(ends, default=0)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return False


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises OSError."""
    scratch = path.with_name(f"{path.name}.part")
    try:
        with scratch.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        scratch.rename(path)
    except OSError:
        with contextlib.suppress(OSError):
            scratch.unlink()
        raise

"""The journal: writes what happens in all runs to the database, in order, before it is published.

One thread writes. What comes in while it is writing goes into its next transaction, so many runs
share the time that a disk takes to confirm a write.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

RETRY_SECONDS = 1.0

Row = dict[str, Any]


@dataclass(frozen=True)
class Write:
    """What is written together: an event, a command, a run or a sweep as it is, or its deletion.

    ``then`` is called in the server's thread once that, and all writes before it, are on disk.
    """

    then: Callable[[], None] | None = None
    event: Row | None = None
    command: Row | None = None
    run: Row | None = None
    folded: int = 0  # of its run: commands before this number are no longer kept
    deleted_run: str | None = None
    sweep: Row | None = None
    deleted_sweep: str | None = None

    @property
    def has_rows(self) -> bool:
        """Whether there is anything to write, or only ``then`` to call."""
        of_run = self.event or self.command or self.run or self.deleted_run
        return bool(of_run or self.sweep or self.deleted_sweep)


class NotWritableError(Exception):
    """The database can't be written at the moment; the message says why."""


class NeverWritableError(Exception):
    """Something among the writes can never be written, whatever is tried; the message says why."""


class Journal:
    """Takes writes, commits them, and calls what follows them.

    While the database can't be written (a full disk, a server that is down), training goes on: each
    ``then`` is called all the same, and the writes stay in memory until they can be committed.
    ``on_trouble`` is called with the reason, and with None once everything is written again.

    A write that the database can never take is set aside, so that it stops no other one:
    ``on_set_aside`` is called with it and with the reason.
    """

    def __init__(
        self,
        commit: Callable[[list[Write]], None],
        on_trouble: Callable[[str | None], None],
        on_set_aside: Callable[[Write, str], None],
    ) -> None:
        """``commit`` writes to the database, and blocks.

        It may raise NotWritableError and NeverWritableError.
        """
        self.trouble: str | None = None
        self._commit = commit
        self._on_trouble = on_trouble
        self._on_set_aside = on_set_aside
        self._loop = asyncio.get_running_loop()
        self._waiting: list[Write] = []
        self._changed = threading.Condition()
        self._is_closing = False
        self._unwritten: list[Write] = []  # of the thread: what could not be written yet
        self._thread = threading.Thread(target=self._write_all, name="journal", daemon=True)
        self._thread.start()

    def add(self, write: Write) -> None:
        """Queue a write."""
        with self._changed:
            self._waiting.append(write)
            self._changed.notify()

    async def write(self, write: Write | None = None) -> None:
        """Return once this write and all before it are on disk, or known not to be writable."""
        done = self._loop.create_future()
        if write:
            self.add(write)
        self.add(Write(lambda: None if done.done() else done.set_result(None)))
        await done

    @property
    def backlog(self) -> int:
        """How many writes are not on disk yet."""
        return len(self._waiting) + len(self._unwritten)

    def close(self) -> None:
        """Write what there is, if that can be written at all, and end. Blocks."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        self._thread.join()

    def _write_all(self) -> None:
        """Write until closed: what the thread runs."""
        is_closing = False
        while not is_closing:
            with self._changed:
                if self._unwritten:
                    self._changed.wait_for(lambda: self._is_closing, RETRY_SECONDS)
                else:
                    self._changed.wait_for(lambda: self._waiting or self._is_closing)
                writes, self._waiting = self._waiting, []
                is_closing = self._is_closing
            before = self._unwritten
            self._unwritten = [*before, *(write for write in writes if write.has_rows)]
            trouble = None
            try:
                self._commit_all()
            except NotWritableError as error:
                trouble = str(error)
            with contextlib.suppress(RuntimeError):  # the server's loop has ended
                self._loop.call_soon_threadsafe(self._follow_up, writes, trouble)

    def _commit_all(self) -> None:
        """Commit what is unwritten; what can never be is looked for by halves. It is rare."""
        parts = [self._unwritten] if self._unwritten else []
        while parts:
            part = parts.pop(0)
            try:
                self._commit(part)
            except NeverWritableError as error:
                if len(part) > 1:
                    middle = len(part) // 2
                    parts[:0] = [part[:middle], part[middle:]]
                else:
                    with contextlib.suppress(RuntimeError):  # the server's loop has ended
                        self._loop.call_soon_threadsafe(self._on_set_aside, part[0], str(error))
            self._unwritten = [write for left in parts for write in left]

    def _follow_up(self, writes: list[Write], trouble: str | None) -> None:
        """Call what follows these writes: in the server's thread."""
        if trouble != self.trouble:
            self.trouble = trouble
            self._on_trouble(trouble)
        for write in writes:
            if write.then:
                write.then()

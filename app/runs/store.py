"""The store: all runs of the server, in memory, and the storage that they are kept in."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from app.log import log
from app.runs.admission import Admission
from app.runs.age import Age
from app.runs.archive import ArchivedRun, archived
from app.runs.commands import WrongStateError
from app.runs.engines import engine_of
from app.runs.hold import Hold
from app.runs.journal import Row, Write
from app.runs.pretrained import pretrained_runs
from app.runs.record import LIVE, Record
from app.runs.restoring import restore
from app.runs.room_to_keep import too_many
from app.runs.run import Run
from app.runs.slots import Slots
from app.runs.spec import RunSpec
from app.runs.spotlight import Spotlight
from app.runs.steering import Add, TakenCommand
from app.runs.storage import Storage
from app.runs.tally import Tally
from app.settings import Settings

LEAVE_SECONDS = 10  # for a page to go on from a run that was replaced


class UnknownRunError(Exception):
    """There is no run with this id."""


class RunStore:
    """The runs, oldest first, the workers that train them, and the storage that keeps them."""

    def __init__(self, settings: Settings, age: Age) -> None:
        """Open the storage. Raises StoreError, OSError."""
        self._settings = settings
        self._age = age
        self.tally = Tally()
        self._engine = engine_of(settings)
        self.storage = Storage(settings, self._publish_trouble, self._note_set_aside)
        self._slots = Slots(settings, self._free_a_slot, self._lower_priorities)
        self._runs: dict[str, Run] = {}
        self.spotlight = Spotlight()
        self.hold = Hold()
        self._tasks: set[asyncio.Task[None]] = set()
        # Runs that are about to be added, by owner and address.
        self._coming: Counter[tuple[str, str]] = Counter()
        self._admissions: set[Admission] = set()  # under way
        self.living_sweeps: set[str] = set()  # their runs are started by them, and kept
        self.on_delete: Callable[[Run, str], None] = lambda _run, _farewell: None
        self.is_ending = False
        for run in pretrained_runs(settings, self.storage, self._slots, self.hold, self.tally):
            self._runs[run.id] = run

    @property
    def folder(self) -> Path:
        """The folder that this server has to itself."""
        return self.storage.path

    @property
    def scratch(self) -> Path:
        """A folder for files that are needed for a moment. It is emptied when the server starts."""
        return self.storage.scratch

    def problems(self) -> list[str]:
        """Return what the server can't do at the moment, and why."""
        return self.storage.problems()

    async def open(self) -> None:
        """Get ready to train, and go on with the runs of the last time."""
        self._engine.open()
        await self.storage.recover()
        sweeps = await asyncio.to_thread(self.storage.database.sweeps)
        self.living_sweeps = {row["id"] for row in sweeps if row["status"] in LIVE}
        kept = await asyncio.to_thread(self.storage.database.runs)
        self._age.go_on_from(record.seen for record, _ in kept)
        for record, commands in kept:
            run = self._add(self.storage.mended(record), commands)
            restore(run, self.storage, self._settings, self.living_sweeps)

    async def prepare_for_shutdown(self) -> None:
        """Tell the viewers that the server ends, and save what the runs have learned."""
        if not self.is_ending:
            self.is_ending = True
            for admission in self._admissions:
                admission.is_ended = True
            await asyncio.gather(*(run.prepare_for_shutdown() for run in self.all()))

    async def close(self) -> None:
        """End all runs and their processes."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.prepare_for_shutdown()
        await self._engine.close()
        await self.storage.close()

    def all(self) -> list[Run]:
        """Return all runs, the oldest first."""
        return list(self._runs.values())

    def get(self, run_id: str) -> Run:
        """Return a run. Raises UnknownRunError."""
        if run_id not in self._runs:
            raise UnknownRunError(f"there is no run {run_id!r}: it may have been deleted")
        return self._runs[run_id]

    async def create(
        self,
        spec: RunSpec,
        owner: str = "",
        address: str = "",
        *,
        paused: bool = False,
        replaced: Run | None = None,
        training: bytes | None = None,
        drawings: Add | None = None,
        name: str | None = None,
    ) -> Run:
        """Start a new run; if ``paused``, get it ready, with no step made. Raises TooManyRunsError.

        ``training`` is a saved one that it begins with, instead of a network from its initializer;
        ``drawings`` are added to what it trains on.

        A paused run is returned once it has a frame to show, or waits in the queue. The run that is
        ``replaced`` is stopped, unless the new one is refused; then the new one may have its slot.
        """
        self._slots.book(owner, address)
        try:
            async with self._room_for(owner, address):
                if replaced:
                    await self._retire(replaced)
                run = self._add(replace(self._new_record(spec, owner), name=name), address=address)
                shown = self._runs.get(self.spotlight.run or "")
                if shown and shown.owner == owner:  # at once: it may be about to be deleted
                    self.spotlight.show(run.id, look=self.spotlight.look)
        except BaseException:
            self._slots.unbook(owner, address)
            raise
        if drawings:
            run.ledger.add_command(0, drawings)
        if training:  # first: without it, the run would begin with another network after a crash
            await self.storage.files.write(run.id, "training", training)
        run.ledger.set_status("paused" if paused else "queued", 0, None)
        await run.ledger.written()
        run.start(paused=paused)
        if paused:
            await run.begun()
        return run

    async def delete(self, run_id: str, farewell: str = "this run was deleted") -> None:
        """Stop a run, tell its viewers, and forget it. Raises UnknownRunError, WrongStateError."""
        run = self.get(run_id)
        run.commands.require_own("be deleted")
        del self._runs[run_id]
        self.spotlight.forget(run_id)
        self.on_delete(run, farewell)
        await run.delete(farewell)

    async def add_members(self, records: list[Record], address: str, sweep: Row) -> list[Run]:
        """Keep new runs that wait for their turn in a sweep, and its row: all of it or nothing.

        Raises TooManyRunsError, NotWritableError.
        """
        async with self._room_for(records[0].owner, address, len(records)):
            rows = [record.row(record.fixed_columns()) for record in records]
            await asyncio.to_thread(self.storage.database.add_runs, rows, sweep)
            return [self._add(record, address=address) for record in records]

    async def _retire(self, run: Run) -> None:
        """Stop a run if it is live; one that has made no step is deleted, too."""
        if run.status not in LIVE:
            return
        with contextlib.suppress(WrongStateError):  # it has ended by itself in the meantime
            await run.commands.stop()
        if run.ledger.step == 0:
            run.is_replaced = True
            self._spawn(self._delete_once_left(run))

    async def _delete_once_left(self, run: Run) -> None:
        """Delete a run that was replaced. Its page first goes on to the run that took its place."""
        for _ in range(10 * LEAVE_SECONDS):
            if not run.room.viewers:
                break
            await asyncio.sleep(0.1)
        with contextlib.suppress(UnknownRunError):
            await self.delete(run.id, "another run has taken its place")

    def archive(self, visitor: str) -> Iterator[ArchivedRun]:
        """Yield a visitor's runs, the oldest first. Blocks. WrongStateError: one goes meanwhile."""
        for run in self.all():
            if run.owner == visitor and not run.is_pretrained and not run.ledger.is_deleted:
                yield archived(run.ledger)
                if run.ledger.is_deleted:
                    raise WrongStateError("a run was deleted during the export: export them again")

    async def admit(
        self, archived: Iterator[ArchivedRun], visitor: str, address: str = ""
    ) -> list[Run]:
        """Keep the runs of an archive, under new ids: all of them or, if that fails, none.

        Raises BadArchiveError, TooManyRunsError, NotWritableError and OSError.
        """
        admission = Admission(self.storage)
        self._admissions.add(admission)
        try:
            return await admission.admit(
                archived,
                lambda run: self._new_record(run.spec, visitor),
                partial(self._room_for, visitor, address),
                lambda record, commands: self._add(record, commands, address),
            )
        finally:
            self._admissions.discard(admission)

    @property
    def unwritten(self) -> int:
        """How many epochs, commands and changes of state are not in the database yet."""
        return self.storage.journal.backlog

    def is_kept_up(self) -> bool:
        """Return whether what happens is written about as fast as it happens."""
        return self.unwritten < self._settings.max_unwritten

    def _new_record(self, spec: RunSpec, owner: str) -> Record:
        return Record.of_new_run(spec, owner, self._settings.library, self._age())

    def _add(self, record: Record, commands: Iterable[TakenCommand] = (), address: str = "") -> Run:
        run = Run(
            record,
            list(commands),
            self._settings,
            self.storage,
            self._slots,
            self.hold,
            self._engine.take,
            self.tally,
            self._age,
            address,
        )
        self._runs[run.id] = run
        return run

    @asynccontextmanager
    async def _room_for(self, owner: str, address: str, count: int = 1) -> AsyncIterator[None]:
        """Delete ended runs until there is room for so many more, which are added meanwhile.

        What is coming counts at once: none is overlooked. Raises TooManyRunsError.
        """
        own = [run for run in self.all() if not run.is_pretrained]
        holder, now, kept = (owner, address), self._age.at_least(), self.living_sweeps
        gone = too_many(own, kept, self._coming, holder, count, self._settings, now)
        self._coming[owner, address] += count
        try:
            for run in gone:
                with contextlib.suppress(UnknownRunError):  # somebody else has just deleted it
                    await self.delete(run.id, "this run is no longer kept")
            yield
        finally:
            self._coming[owner, address] -= count

    def _free_a_slot(self) -> None:
        """Let the run that has been paused for longest give its slot to one that waits."""
        paused = [run for run in self.all() if run.status == "paused" and run.has_worker]
        if paused:
            longest = min(paused, key=lambda run: run.commands.last_time)
            self._spawn(longest.commands.release_worker())

    def _lower_priorities(self, niceness: int) -> None:
        for run in self.all():
            run.lower_priority(niceness)

    def _publish_trouble(self, trouble: str | None) -> None:
        """Tell the viewers of live runs what is not being kept, or that everything is again."""
        for run in self.all():
            if run.status in LIVE:
                run.notice(f"{trouble}; training goes on" if trouble else None)

    def _note_set_aside(self, write: Write, why: str) -> None:
        """Log what can never be kept, and tell those who watch that run."""
        run_id = (write.run or {}).get("id", "")
        self.tally.set_aside += 1
        log.error("store", run=run_id, trouble="a line can't be kept, and was set aside", why=why)
        if run := self._runs.get(run_id):
            event = {"type": "status", "status": run.status, "step": run.ledger.step}
            run.room.announce(event | {"reason": f"this can't be kept: {why}"})

    def _spawn(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

"""The store: all runs of the server, in memory, and the storage that they are kept in."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from importlib.resources import files as resources
from pathlib import Path

from app.runs.archive import ArchivedRun, archived
from app.runs.commands import WrongStateError
from app.runs.copying import spec_of_copy, training_of_copy
from app.runs.hold import Hold
from app.runs.ledger import EPOCH_FIGURES
from app.runs.pretrained import PretrainedRun
from app.runs.record import LIVE, Record
from app.runs.run import Run
from app.runs.slots import Slots, TooManyRunsError
from app.runs.spec import RunSpec
from app.runs.spotlight import Spotlight
from app.runs.steering import Add, TakenCommand, from_json
from app.runs.storage import Storage
from app.runs.tally import Tally
from app.runs.worker_processes import WorkerPool
from app.settings import Settings
from nn_core.events import Epoch

LEAVE_SECONDS = 10  # for a page to go on from a run that was replaced
PRETRAINED = ("pretrained", "pretrained-large")


class UnknownRunError(Exception):
    """There is no run with this id."""


class RunStore:
    """The runs, oldest first, the workers that train them, and the storage that keeps them."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        """Open the storage. Raises StoreError, OSError."""
        self._settings = settings
        self._clock = clock
        self.tally = Tally()
        self._workers = WorkerPool()
        self._storage = Storage(settings, self._publish_trouble)
        self._slots = Slots(settings, self._free_a_slot, self._lower_priorities)
        self._runs: dict[str, Run] = {}
        self.spotlight = Spotlight()
        self.hold = Hold()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_ending = False
        for name in PRETRAINED:
            folder = resources("nn_core").joinpath("pretrained")
            file = folder.joinpath(f"{name}.safetensors").read_bytes()
            told = folder.joinpath(f"{name}.history.safetensors").read_bytes()
            self._runs[name] = PretrainedRun(
                name, file, told, settings, self._storage, self._slots, self.hold, self.tally
            )

    @property
    def folder(self) -> Path:
        """The folder that this server has to itself."""
        return self._storage.path

    def problems(self) -> list[str]:
        """Return what the server can't do at the moment, and why."""
        return self._storage.problems()

    async def open(self) -> None:
        """Get ready to train, and go on with the runs of the last time."""
        self._workers.warm_up()
        for record, commands in await asyncio.to_thread(self._storage.database.runs):
            self._restore(record, commands)
        files = self._storage.files
        for run_id in await asyncio.to_thread(files.runs) - self._runs.keys():
            await files.remove_run(run_id)  # it was deleted just before the server ended

    async def prepare_for_shutdown(self) -> None:
        """Tell the viewers that the server ends, and save what the runs have learned."""
        if not self._is_ending:
            self._is_ending = True
            await asyncio.gather(*(run.prepare_for_shutdown() for run in self.all()))

    async def close(self) -> None:
        """End all runs and their processes."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.prepare_for_shutdown()
        await self._workers.close()
        await self._storage.close()

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
        *,
        paused: bool = False,
        replaced: Run | None = None,
        drawings: Add | None = None,
    ) -> Run:
        """Start a new run; if ``paused``, get it ready, with no step made. Raises TooManyRunsError.

        ``drawings`` are added to what it trains on.

        A paused run is returned once it has a frame to show, or waits in the queue. The run that is
        ``replaced`` is stopped, unless the new one is refused; then the new one may have its slot.
        """
        self._slots.require_place(owner)
        await self._remove_too_many(owner)
        if replaced:
            await self._retire(replaced)
        run = self._add(self._new_record(spec, owner))
        if drawings:
            run.ledger.add_command(0, drawings)
        run.ledger.set_status("paused" if paused else "queued", 0, None)
        await run.ledger.written()
        run.start(paused=paused)
        if paused:
            await run.begun()
        self._let_spotlight_follow(run)
        return run

    def _let_spotlight_follow(self, new: Run) -> None:
        """Where the shown run's owner goes on to a new one, show that."""
        shown = self._runs.get(self.spotlight.run or "")
        if shown and shown.owner == new.owner:
            self.spotlight.show(new.id, look=self.spotlight.look)

    async def copy(self, run: Run, owner: str) -> Run:
        """Return a new paused run that begins with a run's network, as it is now.

        Raises TooManyRunsError, WrongStateError, NotKeptError.
        """
        spec = spec_of_copy(run, self._settings)
        training = await training_of_copy(run, spec)
        self._slots.require_place(owner)
        await self._remove_too_many(owner)
        name = run.record.name or (run.id if run.is_pretrained else "another run")
        copy = self._add(replace(self._new_record(spec, owner), name=f"copy of {name}"[:80]))
        await self._storage.files.write(copy.id, "training", training)
        copy.ledger.set_status("paused", 0, None)
        await copy.ledger.written()
        copy.start(paused=True)
        await copy.begun()
        self._let_spotlight_follow(copy)
        return copy

    async def delete(self, run_id: str, farewell: str = "this run was deleted") -> None:
        """Stop a run, tell its viewers, and forget it. Raises UnknownRunError, WrongStateError."""
        run = self.get(run_id)
        run.commands.require_own("be deleted")
        del self._runs[run_id]
        self.spotlight.forget(run_id)
        await run.delete(farewell)

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
        """Yield a visitor's runs as an archive has them, the oldest first. Blocks."""
        for run in self.all():
            if run.owner == visitor and not run.is_pretrained:
                yield archived(run.ledger)

    async def admit(self, found: ArchivedRun, visitor: str) -> Run:
        """Keep a run that came in an archive, under a new id. Raises TooManyRunsError."""
        await self._remove_too_many(visitor)
        record = self._new_record(found.spec, visitor)
        created = found.created.timestamp()
        run = self._add(replace(record, name=found.name, created=created))
        ledger = run.ledger
        for command in found.commands:
            ledger.add_command(command["step"], from_json(command["content"]))
        for epoch in found.epochs:
            ledger.add_epoch(Epoch(**{name: epoch[name] for name in EPOCH_FIGURES}))
        for name, file in found.files():
            self._storage.files.put(run.id, name, file)
        run.networks.kept_epochs = set(found.checkpoints)
        ledger.write(best=found.best())
        ledger.set_status(found.status, found.step, found.reason)
        await ledger.written()
        return run

    @property
    def unwritten(self) -> int:
        """How many epochs, commands and changes of state are not in the database yet."""
        return self._storage.journal.backlog

    def is_kept_up(self) -> bool:
        """Return whether what happens is written about as fast as it happens."""
        return self.unwritten < self._settings.max_unwritten

    def _new_record(self, spec: RunSpec, owner: str) -> Record:
        """Return the record of a new run. Its id has 128 bits: a link that can't be guessed."""
        info = self._settings.library.info(spec.dataset)
        now = self._clock()
        return Record(secrets.token_hex(16), owner, spec, info, created=now, seen=now)

    def _add(self, record: Record, commands: list[TakenCommand] | None = None) -> Run:
        run = Run(
            record,
            commands or [],
            self._settings,
            self._storage,
            self._slots,
            self.hold,
            self._workers.take,
            self.tally,
            self._clock,
        )
        self._runs[run.id] = run
        return run

    def _restore(self, record: Record, commands: list[TakenCommand]) -> None:
        """Take back a run that was there before the server was started."""
        kept_epochs = self._storage.files.epochs(record.id)
        if record.best and record.best.epoch not in kept_epochs:  # the server ended just then
            record = replace(record, best=None)
        run = self._add(record, commands)
        run.networks.kept_epochs = kept_epochs
        if record.status in ("queued", "training"):
            if self._settings.resume_runs:
                reason = "the server was started anew: it goes on"
                run.ledger.set_status("queued", record.step, reason)
                run.start()
            else:
                reason = "the server went away: resume it to go on"
                run.ledger.set_status("interrupted", record.step, reason)
        elif record.status == "paused" and self._storage.is_behind(record):
            run.start(paused=True)

    async def _remove_too_many(self, owner: str) -> None:
        """Delete the oldest ended run where there are too many. Raises TooManyRunsError."""
        own = [run for run in self.all() if not run.is_pretrained]
        theirs = [run for run in own if run.owner == owner]
        for runs, most, whose in (
            (theirs, self._settings.max_runs_per_visitor, "of yours"),
            (own, self._settings.max_runs, "on this server"),
        ):
            if len(runs) >= most:
                oldest_ended = next((run for run in runs if run.status not in LIVE), None)
                if oldest_ended is None:
                    raise TooManyRunsError(
                        f"{len(runs)} runs {whose} are kept already, and all are under way: stop "
                        "or delete one"
                    )
                await self.delete(oldest_ended.id, "this run is no longer kept")

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

    def _spawn(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

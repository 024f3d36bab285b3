"""The store: all runs that the server knows."""

import asyncio
import secrets
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import structlog

from app.runs.archive import ArchivedRun
from app.runs.housekeeping import keep_house
from app.runs.keeper import Keeper
from app.runs.pretrained import PretrainedRun
from app.runs.record import Record
from app.runs.run import LIVE, Run
from app.runs.slots import Slots, TooManyRunsError
from app.runs.spec import RunSpec
from app.runs.spotlight import Spotlight
from app.runs.workers import WorkerPool
from app.settings import Settings
from nn_core import checkpoints

log = structlog.get_logger()

PRETRAINED = ("pretrained", "pretrained-large")


class UnknownRunError(Exception):
    """There is no run with this id."""


class RunStore:
    """The runs, oldest first, the workers that train them, and what keeps them."""

    def __init__(self, settings: Settings) -> None:
        """Open what keeps the runs. Raises StoreError, OSError."""
        self._settings = settings
        self._workers = WorkerPool()
        self._keeper = Keeper(settings, self._tell_trouble)
        self._slots = Slots(settings, self._make_room, self._make_nicer)
        self._runs: dict[str, Run] = {}
        self.spotlight = Spotlight()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_leaving = False
        for name in PRETRAINED:
            file = files("nn_core").joinpath("pretrained", f"{name}.safetensors").read_bytes()
            self._runs[name] = PretrainedRun(name, file, settings, self._keeper, self._slots)

    @property
    def folder(self) -> Path:
        """The folder that this server has to itself."""
        return self._keeper.path

    def problems(self) -> list[str]:
        """Return what the server can't do at present, and why."""
        return self._keeper.problems()

    async def open(self) -> None:
        """Get ready to train, and go on with what was there before."""
        self._workers.warm_up()
        for record in await asyncio.to_thread(self._keeper.records):
            self._restore(record)
        shelf = self._keeper.shelf
        for run_id in await asyncio.to_thread(shelf.runs) - self._runs.keys():
            await shelf.remove_run(run_id)  # it was deleted just before the server ended
        self._spawn(keep_house(self, self._settings))

    async def leave(self) -> None:
        """Make ready for the end: the viewers are told, and what the runs have learned is kept."""
        if not self._is_leaving:
            self._is_leaving = True
            await asyncio.gather(*(run.leave() for run in self.all()))

    async def close(self) -> None:
        """End all runs and their processes."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.leave()
        await self._workers.close()
        await self._keeper.close()

    def all(self) -> list[Run]:
        """Return all runs, the oldest first."""
        return list(self._runs.values())

    def get(self, run_id: str) -> Run:
        """Return a run. Raises UnknownRunError."""
        if run_id not in self._runs:
            raise UnknownRunError(f"there is no run {run_id!r}: it may have been deleted")
        return self._runs[run_id]

    async def create(self, spec: RunSpec, owner: str = "") -> Run:
        """Start a new run. Raises TooManyRunsError."""
        self._slots.require_place(owner)
        await self._make_place(owner)
        # 128 bits: a link that can't be guessed.
        info = self._settings.library.info(spec.dataset)
        run = self._add(Record(secrets.token_hex(16), owner, spec, info))
        run.set_status("queued", 0, None)
        await self._keeper.journal.write()
        run.start()
        return run

    async def delete(self, run_id: str, farewell: str = "this run was deleted") -> None:
        """Stop a run, tell its viewers, and forget it. Raises UnknownRunError, WrongStateError."""
        run = self.get(run_id)
        run.require_own("be deleted")
        del self._runs[run_id]
        self.spotlight.leave(run_id)
        await run.delete(farewell)

    def archive(self, visitor: str) -> Iterator[ArchivedRun]:
        """Yield a visitor's runs as an archive has them, the oldest first. Blocks."""
        for run in self.all():
            if run.owner == visitor and not run.is_pretrained:
                yield self._keeper.archived(run.id, run.record_now)

    async def admit(self, archived: ArchivedRun, visitor: str) -> Run:
        """Keep a run that came in an archive, under a new id. Raises TooManyRunsError."""
        await self._make_place(visitor)
        info = self._settings.library.info(archived.spec.dataset)
        record = Record(
            secrets.token_hex(16),
            visitor,
            archived.spec,
            info,
            archived.name,
            archived.created.timestamp(),
        )
        run = self._add(record)
        for command in archived.commands:
            run.note_command(command["step"], command["content"])
        for epoch in archived.epochs:
            run.add_epoch(epoch, lambda: None)
        for name, file in archived.files():
            self._keeper.shelf.put(run.id, name, file)
        run.kept_epochs = set(archived.checkpoints)
        run.write(best=archived.best())
        run.set_status(archived.status, archived.step, archived.reason)
        await self._keeper.journal.write()
        return run

    @property
    def unwritten(self) -> int:
        """How many epochs, commands and changes of state are not in the database yet."""
        return self._keeper.journal.backlog

    def is_kept_up(self) -> bool:
        """Return whether what happens is written about as fast as it happens."""
        return self.unwritten < self._settings.max_unwritten

    def _add(self, record: Record) -> Run:
        run = Run(record, self._settings, self._keeper, self._slots, self._workers.take)
        self._runs[run.id] = run
        return run

    def _restore(self, record: Record) -> None:
        """Take a run back in that was there before the server was started."""
        kept_epochs = self._keeper.shelf.epochs(record.id)
        if record.best and record.best.epoch not in kept_epochs:  # the server ended just then
            record = replace(record, best=None)
        run = self._add(record)
        run.kept_epochs = kept_epochs
        if record.status in ("queued", "training"):
            if self._settings.resume_runs:
                run.set_status("queued", record.step, "the server was started anew: it goes on")
                run.start()
            else:
                run.set_status(
                    "interrupted", record.step, "the server went away: resume it to go on"
                )
        elif record.status == "paused" and self._is_behind(record):
            run.start(paused=True)

    def _is_behind(self, record: Record) -> bool:
        """Return whether a paused run's checkpoint is older than the run is."""
        file = self._keeper.shelf.get(record.id, "training")
        if file is None:
            return True
        metadata = checkpoints.read_metadata(file)
        return (int(metadata["step"]), int(metadata["commands"])) != (
            record.step,
            len(record.commands),
        )

    async def _make_place(self, owner: str) -> None:
        """Remove the oldest ended run where there are too many. Raises TooManyRunsError."""
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

    def _make_room(self) -> None:
        """Have the run that has been paused for longest give its slot to one that waits."""
        paused = [run for run in self.all() if run.status == "paused" and run.has_worker]
        if paused:
            self._spawn(min(paused, key=lambda run: run.last_command).rest())

    def _make_nicer(self, niceness: int) -> None:
        """Have all runs' processes be so nice."""
        for run in self.all():
            run.be_nice(niceness)

    def _tell_trouble(self, trouble: str | None) -> None:
        """Tell the viewers of all runs under way what is not being kept, or that all is again."""
        for run in self.all():
            if run.status in LIVE:
                run.notice(f"{trouble}; training goes on" if trouble else None)

    def _spawn(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

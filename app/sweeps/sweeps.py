"""All sweeps of the server: they are made, found, driven and deleted here."""

import asyncio
import contextlib
import json
import os
import secrets
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from app.log import log
from app.runs.journal import Row, Write
from app.runs.record import Record
from app.runs.run import Run
from app.runs.store import RunStore, UnknownRunError
from app.settings import Settings
from app.sweeps import tpe
from app.sweeps.asked import SweepIn
from app.sweeps.driver import Driver, has_ended
from app.sweeps.effort import Effort, effort_of, pace_of
from app.sweeps.plan import Plan, PlanError, Planned, axes_of, member_of, name_of, plan_of
from app.sweeps.record import DELETED, Member, SweepRecord
from app.sweeps.sweep import TURN, Sweep

APART = 1e-6  # seconds between the creation of two runs, which keeps them in order


class UnknownSweepError(Exception):
    """There is no sweep with this id."""


class Sweeps:
    """The sweeps, oldest first."""

    def __init__(self, store: RunStore, settings: Settings, clock: Callable[[], float]) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._sweeps: dict[str, Sweep] = {}
        self._drivers: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        store.on_delete = self._note_deleted

    async def open(self) -> None:
        """Go on with the sweeps of the last time."""
        runs = {run.id: run for run in self._store.all()}
        for row in await asyncio.to_thread(self._store.storage.database.sweeps):
            try:
                sweep = self._restored(row, runs)
            except (KeyError, TypeError, ValueError):  # the others are not affected
                log.exception("store", sweep=row["id"], trouble="its record can't be read")
                self._let_go(row["id"], runs)
                continue
            self._sweeps[sweep.id] = sweep
            if sweep.status == DELETED or not any(member.run for member in sweep.members):
                await self._erase(sweep, "this sweep was deleted")
            elif sweep.status == "training" and not self._settings.resume_runs:
                await sweep.set_status("interrupted", "the server went away: resume it to go on")
            else:
                self.drive(sweep)

    async def close(self) -> None:
        """Begin and decide nothing more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def all(self) -> list[Sweep]:
        """Return all sweeps, the oldest first."""
        return list(self._sweeps.values())

    def get(self, sweep_id: str) -> Sweep:
        """Return a sweep. Raises UnknownSweepError."""
        if sweep_id not in self._sweeps:
            raise UnknownSweepError(f"there is no sweep {sweep_id!r}: it may have been deleted")
        return self._sweeps[sweep_id]

    def plan(self, asked: SweepIn) -> tuple[SweepIn, Plan]:
        """Return what was asked for, with what it left open, and the runs. Raises PlanError."""
        settings = self._settings
        allowed = min(settings.max_live_runs, settings.max_live_runs_per_visitor)
        if asked.at_once is not None and asked.at_once > allowed:
            raise PlanError(("at_once",), f"this server trains up to {allowed:,} runs of a visitor")
        plan = plan_of(asked, settings)
        at_once = asked.at_once or min(os.cpu_count() or 1, allowed)
        return asked.model_copy(update={"at_once": at_once, "runs": plan.most}), plan

    async def create(self, asked: SweepIn, plan: Plan, owner: str, address: str) -> Sweep:
        """Begin a sweep: with all of its runs or, if that fails, none.

        Raises TooManyRunsError, NotWritableError.
        """
        return await asyncio.shield(self._spawn(self._create(asked, plan, owner, address)))

    async def delete(self, sweep: Sweep) -> None:
        """Stop a sweep, tell its viewers, and forget it and its runs."""
        await asyncio.shield(self._spawn(self._erase(sweep, "this sweep was deleted")))

    def drive(self, sweep: Sweep) -> None:
        """Let a sweep that trains go on, unless it does already."""
        driver = self._drivers.get(sweep.id)
        if sweep.status == "training" and (driver is None or driver.done()):
            work = Driver(sweep, self._settings, self._clock, self._ask).run()
            self._drivers[sweep.id] = self._spawn(work)

    def efforts(self, planned: Sequence[Planned]) -> list[Effort]:
        """Return what runs cost."""
        library = self._settings.library
        pace = pace_of(self._store.all(), library)
        return [effort_of(each.spec, library, pace) for each in planned]

    async def _create(self, asked: SweepIn, plan: Plan, owner: str, address: str) -> Sweep:
        new = secrets.token_hex(16)
        record = SweepRecord(new, owner, asked.name, time.time(), "training", None, asked)
        planned = list(plan.members)
        while asked.search == "optuna" and len(planned) < min(asked.at_once or 1, plan.most):
            before = [(each.varied, None, False) for each in planned]
            planned.append(await self._suggested(asked, before))
        members = self._members(planned)
        self._store.living_sweeps.add(new)
        try:
            await self._begin(record, members, planned, address)
        except BaseException:
            self._store.living_sweeps.discard(new)
            raise
        sweep = self._sweeps[new] = Sweep(record, members, self._store, self._clock, address)
        self.drive(sweep)
        return sweep

    async def _begin(
        self,
        record: SweepRecord,
        members: list[Member],
        planned: Sequence[Planned],
        address: str,
    ) -> None:
        """Give the last members their runs, and write those and the sweep's row together."""
        now, seen = time.time(), self._clock()
        records = [
            replace(
                Record.of_new_run(each.spec, record.owner, self._settings.library, seen),
                id=member.id,
                name=name_of(each.varied)[:80],
                created=now + APART * number,
                reason=TURN,
                sweep=record.id,
            )
            for number, (member, each) in enumerate(
                zip(members[-len(planned) :], planned, strict=True)
            )
        ]
        runs = await self._store.add_members(records, address, record.row(members))
        for member, run in zip(members[-len(planned) :], runs, strict=True):
            member.run = run

    def _members(self, planned: Sequence[Planned]) -> list[Member]:
        efforts = self.efforts(planned)
        return [
            Member(secrets.token_hex(16), each.varied, effort)
            for each, effort in zip(planned, efforts, strict=True)
        ]

    async def _ask(self, sweep: Sweep) -> bool:
        """Add the run that Optuna would like to see next; return whether there is one.

        Raises TooManyRunsError, NotWritableError.
        """
        asked = sweep.record.asked
        if asked.search != "optuna" or len(sweep.members) >= (asked.runs or 0):
            return False
        before = [
            (member.varied, member.standing()["test_accuracy"], has_ended(member))
            for member in sweep.members
        ]
        planned = [await self._suggested(asked, before)]
        new = self._members(planned)
        await sweep.written()
        await self._begin(sweep.record, [*sweep.members, *new], planned, sweep.address)
        sweep.add(new)
        return True

    async def _suggested(
        self, asked: SweepIn, before: Sequence[tuple[dict[str, Any], float | None, bool]]
    ) -> Planned:
        point = await asyncio.to_thread(tpe.suggest, axes_of(asked), asked.seed, before)
        return member_of(asked, point, self._settings)

    def _restored(self, row: Row, runs: dict[str, Run]) -> Sweep:
        """Return a sweep that was there before. Raises KeyError, TypeError, ValueError."""
        members = []
        for kept in json.loads(row["members"]):
            member = Member(**kept | {"effort": Effort(*kept["effort"])})
            member.run = runs.get(member.id)
            if member.run or member.gone:  # else the server ended before it was written
                members.append(member)
        return Sweep(SweepRecord.of_row(row), members, self._store, self._clock)

    def _let_go(self, sweep_id: str, runs: dict[str, Run]) -> None:
        """Leave the runs of a sweep that can't be read to their owner: nothing lets them begin."""
        self._store.living_sweeps.discard(sweep_id)
        for run in runs.values():
            if run.record.sweep == sweep_id and run.status == "queued" and not run.is_under_way:
                reason = "its sweep can't be read: resume it to go on"
                run.ledger.set_status("interrupted", run.record.step, reason)

    async def _erase(self, sweep: Sweep, farewell: str) -> None:
        self._sweeps.pop(sweep.id, None)
        async with sweep.one_at_a_time:
            await sweep.set_status(DELETED)
        runs = [member.run for member in sweep.members if member.run]
        await asyncio.gather(*(self._delete_run(run) for run in runs))
        sweep.close(farewell)
        await self._store.storage.journal.write(Write(deleted_sweep=sweep.id))

    async def _delete_run(self, run: Run) -> None:
        with contextlib.suppress(UnknownRunError):  # somebody else has just deleted it
            await self._store.delete(run.id, "its sweep was deleted")

    def _note_deleted(self, run: Run, farewell: str) -> None:
        """Note that a run is deleted; a sweep without any is none."""
        if sweep := self._sweeps.get(run.record.sweep or ""):
            sweep.note_deleted(run, farewell)
            if not any(member.run for member in sweep.members):
                self._spawn(self._erase(sweep, "all of its runs were deleted"))

    def _spawn(self, coroutine: Coroutine[None, None, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

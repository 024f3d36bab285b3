"""A sweep: its runs, how it stands, and the commands that it obeys.

The runs are ordinary ones. The sweep says when each takes its turn, and which of them stop; a
``Driver`` decides that. What happens to a sweep is written first, and then told.
"""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

from app.log import log
from app.runs.commands import WrongStateError
from app.runs.journal import Write
from app.runs.record import LIVE
from app.runs.room import StoredEvent
from app.runs.run import Run
from app.runs.store import RunStore
from app.sweeps import halving
from app.sweeps.effort import total_seconds
from app.sweeps.plan import filled_in
from app.sweeps.record import Member, SweepRecord

TURN = "waits for its turn in the sweep"
RESUMABLE = ("paused", "stopped", "interrupted")


class Watching(Protocol):
    """Who watches a sweep, as it knows them."""

    wake: asyncio.Event  # set where there is something new

    def note(self, member: Member) -> None:
        """Note that something has happened in a run."""


class Sweep:
    """One sweep, from its creation to its deletion."""

    def __init__(
        self,
        record: SweepRecord,
        members: list[Member],
        store: RunStore,
        clock: Callable[[], float],
        address: str = "",
    ) -> None:
        """``address`` is where it was begun, or empty."""
        self.id = record.id
        self.address = address
        self.owner = record.owner
        self.record = self._ahead = record
        self.members = members
        self.store = store
        self.last_seen = clock()
        self.wait_reason: str | None = None  # why no more runs begin, though it has places
        self.viewers: set[Watching] = set()
        self.farewell: str | None = None
        self.changed = asyncio.Event()  # set when there may be something to decide
        self.one_at_a_time = asyncio.Lock()
        self._clock = clock
        epochs = record.asked.base.epochs
        halves = record.asked.search == "halving" and epochs is not None
        self.rungs = halving.rungs(epochs) if halves and epochs else []
        for member in members:
            self.follow(member)

    @property
    def status(self) -> str:
        """The sweep's state."""
        return self.record.status

    def follow(self, member: Member) -> None:
        """Note from now on what happens in a member's run."""
        if member.run:
            member.run.room.on_event = partial(self._note, member)

    def add(self, members: list[Member]) -> None:
        """Add members that have just been asked for, and written."""
        for member in members:
            self.members.append(member)
            self.follow(member)
        self.write()  # a member that was deleted meanwhile may have written the sweep without them

    def describe(self, visitor: str = "") -> dict[str, Any]:
        """Return the sweep as this visitor is told of it."""
        record, asked = self.record, self.record.asked
        created = datetime.fromtimestamp(record.created, UTC)
        return {
            "id": self.id,
            "name": record.name,
            "created": created.isoformat(timespec="seconds"),
            "yours": self.owner == visitor,
            "status": record.status,
            "reason": self.reason(),
            "base": asked.base.model_dump(mode="json"),
            "vary": {name: filled_in(varied, name) for name, varied in asked.vary.items()},
            "search": asked.search,
            "seed": asked.seed,
            "at_once": asked.at_once,
            "rungs": self.rungs,
            "estimated_seconds": self.estimated_seconds(),
            "runs": [member.describe() for member in self.members],
        }

    def estimated_seconds(self) -> float | None:
        """Return about how long it takes, from its beginning."""
        asked = self.record.asked
        efforts = [member.effort for member in self.members]
        halves = bool(self.rungs)
        return total_seconds(efforts, asked.at_once or 1, asked.base.epochs, halves=halves)

    def reason(self) -> str | None:
        """Return why it stands as it does, if there is something to say."""
        if self.status != "training":
            return self.record.reason
        if held := self.store.hold.words_for(self.owner):
            return held
        return self.wait_reason

    def touch(self) -> None:
        """Note that somebody looks at it, and so at all of its runs."""
        self.last_seen = self._clock()
        for member in self.members:
            if member.run:
                member.run.touch()

    async def load(self) -> None:
        """Load the last figures of the runs."""
        for member in self.members:
            if member.run and member.epoch and not member.figures:
                last = await member.run.ledger.epochs(member.epoch - 1)
                if last and not member.figures:
                    member.figures = json.loads(last[-1].text)

    def write(self, then: Callable[[], None] | None = None, **changes: Any) -> None:
        """Write changes of the record, and the members as they are; then tell the viewers."""
        ahead = self._ahead = replace(self._ahead, **changes)

        def publish() -> None:
            self.record = ahead
            if self.status not in LIVE:
                self.store.living_sweeps.discard(self.id)
            if then:
                then()
            self.wake_viewers()

        self.store.storage.journal.add(Write(publish, sweep=ahead.row(self.members)))

    async def written(self) -> None:
        """Return once all so far is written, or known not to be writable."""
        await self.store.storage.journal.write()

    async def set_status(self, status: str, reason: str | None = None) -> None:
        """Write and tell a change of state."""
        log.info("sweep", sweep=self.id, status=status, reason=reason)
        if status in LIVE:
            self.store.living_sweeps.add(self.id)
        self.write(status=status, reason=reason)
        await self.written()
        self.changed.set()

    # Commands

    async def pause(self, reason: str | None = None) -> None:
        """Make no more steps until resumed. Raises WrongStateError."""
        async with self.one_at_a_time:
            if self.status == "paused":
                return
            self._require("pause", "training")
            await self.set_status("paused", reason)
            await self._of_each(self._pause_member)

    async def resume(self) -> None:
        """Go on. Raises WrongStateError, HeldError."""
        self.store.hold.require_free(self.owner)
        async with self.one_at_a_time:
            if self.status == "training":
                return
            self._require("resume", *RESUMABLE)
            await self._of_each(partial(self._resume_member, self.status))
            await self.set_status("training")

    async def stop(self) -> None:
        """End all of its runs. Raises WrongStateError."""
        async with self.one_at_a_time:
            if self.status == "stopped":
                return
            self._require("stop", *LIVE)
            await self.set_status("stopped")
            await self._of_each(self._stop_member)

    async def _of_each(self, act: Callable[[Member, Run], Any]) -> None:
        """Do something with each run, all at once; one that has just ended is left alone."""
        acts = [act(member, member.run) for member in self.members if member.run]
        for error in await asyncio.gather(*acts, return_exceptions=True):
            if isinstance(error, BaseException) and not isinstance(error, WrongStateError):
                raise error

    async def _pause_member(self, _member: Member, run: Run) -> None:
        if not run.is_under_way:
            return
        await run.begun()
        if run.has_worker:
            await run.commands.pause()
        elif run.is_under_way:
            await run.wait_for_turn(TURN)

    async def _resume_member(self, was: str, member: Member, run: Run) -> None:
        """Let a run go on once there is a place, but one that waits at a rung, or was out."""
        if member.out or any(member.is_exactly_after(epoch) for epoch in self.rungs):
            return
        epochs = run.spec.epochs
        has_more = epochs is None or member.epoch < epochs
        if run.status == "paused" and run.has_worker:
            await run.commands.resume()
        elif run.status == "paused" or (run.status in ("interrupted", was) and has_more):
            await run.wait_for_turn(TURN)

    async def _stop_member(self, _member: Member, run: Run) -> None:
        if run.status in LIVE:
            await run.commands.stop()

    def _require(self, command: str, *states: str) -> None:
        if self.status not in states:
            raise WrongStateError(f"a sweep that is {self.status} can't {command}")

    # What happens in it

    def _note(self, member: Member, entry: StoredEvent) -> None:
        if entry.epoch is not None:
            member.figures = json.loads(entry.text)
        else:
            member.is_starting = False
            self.changed.set()
        for viewer in self.viewers:
            viewer.note(member)

    def note_deleted(self, run: Run, farewell: str) -> None:
        """Keep what is known of a member whose run is deleted."""
        for member in self.members:
            if member.run is run:
                run.room.on_event = None
                member.gone = member.standing() | {"status": "deleted", "reason": farewell}
                member.run = None
        self.write()
        self.changed.set()

    def close(self, farewell: str) -> None:
        """Tell the viewers why, and let them go."""
        self.farewell = farewell
        self.wake_viewers()

    def wake_viewers(self) -> None:
        """Tell the viewers that there is something new."""
        for viewer in self.viewers:
            viewer.wake.set()

    async def wait_for_change(self, seconds: float) -> None:
        """Return once there may be something to decide, or after so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.changed.wait()

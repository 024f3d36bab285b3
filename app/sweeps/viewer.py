"""Watching a sweep: a viewer is a cursor into the log of each run.

Epochs and changes of a run's state are lossless and in order; how the sweep stands, and how far a
run is within an epoch, are the latest only. A slow viewer costs nothing but its position.
"""

import asyncio
import json
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from app.runs.room import Room, StoredEvent
from app.strict_json import strict_json
from app.sweeps.record import Member
from app.sweeps.sweep import Sweep

POINTS = 6000  # of all runs' curves together, in a hello
FEWEST_POINTS = 50  # of a run's
TOLD = ("epoch", "step", "cost", "accuracy", "test_cost", "test_accuracy")
LOOK_SECONDS = 0.5  # between two looks at how far the runs are within their epochs


class SweepViewer:
    """A viewer of a sweep."""

    def __init__(self, sweep: Sweep, send: Callable[..., Awaitable[None]]) -> None:
        self.wake = asyncio.Event()
        self._sweep = sweep
        self._send = send
        self._cursors: dict[str, int] = {}
        self._progress: dict[str, str | None] = {}
        self._news: dict[Member, None] = {}  # members with events that were not sent, in order
        self._members = 0  # that this viewer knows
        self._gone: set[str] = set()
        self._status: tuple[str, str | None] = ("", None)

    def note(self, member: Member) -> None:
        """Note that something has happened in a run."""
        self._news[member] = None
        self.wake.set()

    async def serve(self, visitor: str, after: Sequence[int]) -> None:
        """Send everything until the sweep is deleted; ``after`` are the epochs seen of each run."""
        sweep = self._sweep
        try:
            await self._send(await self._hello(visitor, after))
            while True:
                self.wake.clear()
                await self._send_news()
                if sweep.farewell:
                    await self._send(strict_json({"type": "error", "detail": sweep.farewell}))
                    return
                await self._sleep()
        finally:
            sweep.viewers.discard(self)

    async def _hello(self, visitor: str, after: Sequence[int]) -> str:
        """Join the viewers; return the event that greets this one. A large sweep's is large."""
        sweep = self._sweep
        members = list(sweep.members)
        seen = [*after, *[0] * len(members)]
        curves = [
            await curve(member, epoch, len(members))
            for member, epoch in zip(members, seen, strict=False)
        ]
        # Nothing is awaited from here until the viewer is among the others: none is overlooked.
        epochs = {
            member.id: self._greet(member, points, epoch)
            for member, points, epoch in zip(members, curves, seen, strict=False)
        }
        self._status = (sweep.status, sweep.reason())
        described = sweep.describe(visitor)
        described["runs"] = described["runs"][: len(members)]
        sweep.viewers.add(self)
        return strict_json({"type": "hello", "sweep": described, "epochs": epochs})

    def _greet(self, member: Member, points: list[StoredEvent], after: int) -> list[dict[str, Any]]:
        """Begin a run's cursor; return what the hello tells of its epochs."""
        self._members += 1
        if member.run is None:
            self._gone.add(member.id)
            return []
        room = member.run.room
        self._cursors[member.id] = room.end
        self._progress[member.id] = room.progress
        # What is on disk may not be published yet, and what is published may be newer.
        points = [entry for entry in points if entry.number < room.end]
        last = points[-1].number if points else -1
        points += [e for e in room.recent if (e.epoch or 0) > after and e.number > last]
        return [told(entry) for entry in points]

    async def _send_news(self) -> None:
        """Send what has happened since the last time, the sweep's own state last."""
        sweep = self._sweep
        if new := sweep.members[self._members :]:
            self._members += len(new)
            for member in new:
                self._cursors[member.id] = 0
                self._news[member] = None
            described = [member.describe() for member in new]
            await self._send(strict_json({"type": "runs", "runs": described}))
        while self._news:
            member = next(iter(self._news))
            del self._news[member]
            if member.run:
                await self._send_log(member.id, member.run.room)
        texts = [text for member in sweep.members if (text := self._latest(member))]
        status = (sweep.status, sweep.reason())
        if status != self._status:
            self._status = status
            event = {"type": "status", "sweep": sweep.id, "status": status[0], "reason": status[1]}
            texts.append(strict_json(event))
        if texts:
            await self._send(*texts)

    def _latest(self, member: Member) -> str | None:
        """Return the newest progress of a run, or that it was deleted, if that was not sent yet."""
        if member.run is None:
            if member.id in self._gone:
                return None
            self._gone.add(member.id)
            return strict_json({"type": "status", "run": member.id, **member.standing()})
        progress = member.run.room.progress
        before, self._progress[member.id] = self._progress.get(member.id), progress
        return _of_run(member.id, progress) if progress and progress is not before else None

    async def _send_log(self, run: str, room: Room) -> None:
        while self._cursors[run] < room.end:
            entries = await room.events_from(self._cursors[run])
            self._cursors[run] = entries[-1].number + 1
            await self._send(*(_of_run(run, entry.text) for entry in entries))

    async def _sleep(self) -> None:
        try:
            async with asyncio.timeout(LOOK_SECONDS if self._sweep.status == "training" else None):
                await self.wake.wait()
        except TimeoutError:
            pass


async def curve(member: Member, after: int, members: int) -> list[StoredEvent]:
    """Return a run's epochs after one, thinned to what a picture needs."""
    if member.run is None:
        return []
    ledger, last = member.run.ledger, member.epoch
    every = math.ceil(max(1, last - after) / max(FEWEST_POINTS, POINTS // members))
    if every > 1:
        thinned = await ledger.thinned_epochs(every)
        newest = (await ledger.epochs(last - 1))[:1]
        return [entry for entry in thinned if after < (entry.epoch or 0) < last] + newest
    entries: list[StoredEvent] = []
    while more := await ledger.epochs(after):
        entries += more
        after = more[-1].epoch or 0
    return entries


def told(entry: StoredEvent) -> dict[str, Any]:
    """Return what a hello tells of an epoch."""
    figures = json.loads(entry.text)
    return {name: figures[name] for name in TOLD}


def _of_run(run: str, event: str) -> str:
    """Return a run's event with its id in it."""
    return f'{{"run":"{run}",{event[1:]}'

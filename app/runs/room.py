"""The room of a run: who watches it, and what each of them has seen.

Two kinds of event, two promises. Epochs and changes of state are lossless and ordered: they stand
in the room's log, and a viewer is a cursor into it, so a slow one costs nothing but its position.
Frames and progress are the latest only: there is one newest frame, and a slow viewer skips those
that it was too slow for.

A room knows no sockets. A viewer is given a function to send with, which must return in time. A
hundred viewers at the same position are given the same messages, as the same objects, so that each
needs to be encoded only once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from app.runs.frame import Frame, Tensors
from app.runs.tally import Tally
from app.strict_json import strict_json

Send = Callable[..., Awaitable[None]]  # send(*messages): text or bytes, in this order

PROGRESS_PER_SECOND = 1000  # to all viewers together: a few get it all, two hundred five each

WALL_FRAMES_PER_SECOND = 1.0
ASKED_FRAMES_PER_SECOND = 4.0  # for pages without a socket: they ask twice a second
ASKED_SECONDS = 5.0  # for which frames go on being made after one was asked for


class StoredEvent(NamedTuple):
    """An event in the log: an epoch, or a change of state, which the newest frame goes before."""

    number: int  # from 0
    text: str  # the event, as JSON
    epoch: int | None


class Room:
    """The log of a run, its newest frame and progress, and its viewers.

    The last events of the log are in memory; ``history`` returns older ones, from a number on: as
    many as it likes, but at least one. ``on_watch`` is called when the demand for frames may have
    changed.
    """

    def __init__(
        self,
        on_watch: Callable[[], None],
        history: Callable[[int], Awaitable[list[StoredEvent]]],
        remembered: int,
        tally: Tally,
        end: int = 0,
    ) -> None:
        self.end = end  # the number of the next event
        self.recent: list[StoredEvent] = []
        self.frame: Frame | None = None
        self.progress: str | None = None
        self.steps: str | None = None  # what the last steps cost
        self.announcement: str | None = None  # to those who are here, and not kept
        self.farewell: str | None = None  # the event that ends it all
        self.viewers: set[Viewer] = set()
        self.on_event: Callable[[StoredEvent], None] | None = None  # of the sweep it belongs to
        self._walls = 0  # teachers' walls that show this run among all the others
        self._asked_until = 0.0  # frames are asked for one by one, up to about this time
        self._on_watch = on_watch  # called when the demand for frames may have changed
        self._frames_per_second = 0.0
        self._next_progress = 0.0
        self._history = history
        self._remembered = remembered
        self.tally = tally

    def add(self, entry: StoredEvent) -> None:
        """Add the next event to the log."""
        self.progress = None
        self.tally.epochs += entry.epoch is not None
        self.recent.append(entry)
        self.end = entry.number + 1
        if len(self.recent) > 2 * self._remembered:
            del self.recent[: -self._remembered]
        self._wake_all()
        if self.on_event:
            self.on_event(entry)

    def fill(self, older: list[StoredEvent]) -> None:
        """Put older events before those in memory."""
        first = self.recent[0].number if self.recent else self.end
        self.recent = [entry for entry in older if entry.number < first] + self.recent

    def forget_history(self) -> None:
        """Forget what can be read again; nobody is here."""
        self.recent, self.frame = [], None

    async def events_from(self, first: int) -> list[StoredEvent]:
        """Return events of the log from a number on: not all, but at least one."""
        index = first - (self.recent[0].number if self.recent else self.end)
        return self.recent[index:] if index >= 0 else await self._history(first) or self.recent

    def set_progress(self, event: dict[str, Any]) -> None:
        """Replace the newest progress. In a large room it often waits for the next event."""
        self.progress = strict_json(event)
        now = asyncio.get_running_loop().time()
        if now >= self._next_progress:
            self._next_progress = now + len(self.viewers) / PROGRESS_PER_SECOND
            self._wake_all()

    def set_steps(self, event: dict[str, Any]) -> None:
        """Replace what the last steps cost. It goes with the event that follows: those wake."""
        self.steps = strict_json(event)

    def announce(self, event: dict[str, Any]) -> None:
        """Send all present viewers an event that is not kept; nothing newer replaces it."""
        self.announcement = strict_json(event)
        self._wake_all()

    def set_frame(self, frame: Frame) -> None:
        """Replace the newest frame."""
        self.tally.frames_skipped += sum(viewer.frame_waits() for viewer in self.viewers)
        self.frame = frame
        self._wake_all()

    def close(self, farewell: str) -> None:
        """Close the room: viewers leave once they have the whole log and this farewell."""
        self.farewell = strict_json({"type": "error", "detail": farewell})
        self._wake_all()

    def frames_per_second(self) -> float:
        """Return how many frames a second the most demanding viewer wants."""
        return self._frames_per_second

    def watch(self) -> None:
        """Update the demand for frames: a viewer came or left, or wants something else."""
        on_wall = WALL_FRAMES_PER_SECOND if self._walls else 0.0
        wanted = (viewer.frames_per_second for viewer in self.viewers)
        now = asyncio.get_running_loop().time()
        asked = ASKED_FRAMES_PER_SECOND if now < self._asked_until else 0.0
        self._frames_per_second = max(on_wall, asked, max(wanted, default=0.0))
        self._on_watch()

    def ask_for_frame(self) -> None:
        """Make frames for a while: somebody who has no socket asks for them again and again."""
        loop = asyncio.get_running_loop()
        is_first = loop.time() >= self._asked_until
        self._asked_until = loop.time() + ASKED_SECONDS
        if is_first:
            self.watch()
            loop.call_later(ASKED_SECONDS, self._stop_asking)

    def _stop_asking(self) -> None:
        """Make no more such frames, if nobody has asked again."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._asked_until:
            loop.call_at(self._asked_until, self._stop_asking)
        else:
            self.watch()

    def join_wall(self) -> None:
        """Make frames for a teacher's wall, which looks at the newest one by itself."""
        self._walls += 1
        self.watch()

    def leave_wall(self) -> None:
        """Make no more frames for that wall."""
        self._walls -= 1
        self.watch()

    def _wake_all(self) -> None:
        for viewer in self.viewers:
            viewer.wake.set()


class Viewer:
    """A viewer: a cursor into the room's log, and which frames it wants."""

    def __init__(self, room: Room, send: Send) -> None:
        self.room = room
        self.send = send
        self.frames_per_second = 10.0
        self.tensors: Tensors = "all"
        self.wake = asyncio.Event()
        self.greeted = asyncio.Event()  # set once the hello has been sent
        self._cursor = room.end
        self._progress = room.progress
        self._steps = room.steps
        self._announcement = room.announcement
        self._frame: Frame | None = None  # the last one sent
        self._next_frame = 0.0

    def watch(self, frames_per_second: float, tensors: Tensors) -> None:
        """Change what frames are wanted; a change of tensors is answered by the newest at once."""
        if tensors != self.tensors:
            self._frame = None
        self.frames_per_second = frames_per_second
        self.tensors = tensors
        self._next_frame = 0
        self.wake.set()
        self.room.watch()

    async def serve(self, hello: str) -> None:
        """Send everything until the room is closed.

        ``hello`` must describe the room as it was when this viewer was made: nothing may have been
        awaited in between.
        """
        self.room.viewers.add(self)
        self.room.watch()
        try:
            await self.send(hello, *self._new_frame())
            del hello  # a long run's is large, and a viewer may stay for hours
            self.greeted.set()
            while True:
                self.wake.clear()
                while self._cursor < self.room.end:
                    await self.send(*self._log(await self.room.events_from(self._cursor)))
                if newest := self._newest():
                    await self.send(*newest)
                if self.room.farewell and self._cursor == self.room.end:
                    await self.send(self.room.farewell)
                    return
                await self._sleep()
        finally:
            self.room.viewers.discard(self)
            self.room.watch()

    def frame_waits(self) -> bool:
        """Return whether there is a frame that this viewer wants and hasn't been sent."""
        return self.frames_per_second > 0 and self.room.frame is not self._frame

    def _log(self, entries: list[StoredEvent]) -> list[str | bytes]:
        """Return what to send for these events."""
        due: list[str | bytes] = []
        for entry in entries:
            self._cursor = entry.number + 1
            if entry.epoch is None and self.frames_per_second:
                due += self._new_frame()
            due.append(entry.text)
        return due

    def _newest(self) -> list[str | bytes]:
        """Return the newest announcement, steps, progress and frame, where they are due."""
        due: list[str | bytes] = []
        announcement = self.room.announcement
        if announcement is not None and announcement is not self._announcement:
            self._announcement = announcement
            due.append(announcement)
        steps = self.room.steps
        if steps is not None and steps is not self._steps:
            self._steps = steps
            due.append(steps)
        progress = self.room.progress
        if progress is not None and progress is not self._progress:
            self._progress = progress
            due.append(progress)
        if self.frames_per_second and asyncio.get_running_loop().time() >= self._frame_is_due():
            due += self._new_frame()
        return due

    def _new_frame(self) -> list[bytes]:
        """Return the newest frame, or nothing if that has been sent."""
        frame = self.room.frame
        if frame is None or frame is self._frame:
            return []
        self._frame = frame
        if self.frames_per_second:
            now = asyncio.get_running_loop().time()
            self._next_frame = max(self._next_frame + 1 / self.frames_per_second, now)
        self.room.tally.frames_sent += 1
        return [frame.only(self.tensors)]

    def _frame_is_due(self) -> float:
        """Return when the next frame may be sent.

        The run makes as many as the most demanding viewer wants, so that viewer gets each as it
        comes. A timer of its own, of the same period, would delay each frame a little.
        """
        is_most_demanding = self.frames_per_second >= self.room.frames_per_second()
        return 0 if is_most_demanding else self._next_frame

    async def _sleep(self) -> None:
        """Wait until something happens, or until a frame that waits is due."""
        timer = None
        if self.frame_waits():
            loop = asyncio.get_running_loop()
            timer = loop.call_at(self._frame_is_due(), self.wake.set)
        try:
            await self.wake.wait()
        finally:
            if timer:
                timer.cancel()

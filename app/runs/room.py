"""The room of a run: who watches it, and what each of them has seen.

Two kinds of event, two promises. Epochs and changes of state are lossless and ordered: they stand
in the room's log, and a viewer is a cursor into it, so a slow one costs nothing but its place.
Frames and progress are the latest only: there is one newest frame, and a slow viewer skips those
that it was too slow for.

A room knows no sockets. A viewer is given a function to send with, and whoever gives it sees to it
that it returns in time. A hundred viewers at the same place are given the same messages, as the
same objects: who sends them can make of each what it takes once for all.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any, Literal, NamedTuple

from app.runs.messages import strict_json
from nn_core import checkpoints

Tensors = Literal["weights", "gradient", "all"]
Send = Callable[..., Awaitable[None]]  # send(*messages): text or bytes, in this order

PROGRESS_PER_SECOND = 1000  # to all viewers together: a few get it all, two hundred five each


class Frame:
    """The newest parameters and gradient, as the bytes of a safetensors file."""

    def __init__(self, everything: bytes) -> None:
        self.everything = everything

    @cached_property
    def weights(self) -> bytes:
        """Only the parameters: made once, however many viewers ask for it."""
        return checkpoints.part_of_frame(self.everything, "weights")

    @cached_property
    def gradient(self) -> bytes:
        """Only the gradient."""
        return checkpoints.part_of_frame(self.everything, "gradient")

    def only(self, tensors: Tensors) -> bytes:
        """Return the part of the frame that a viewer asked for."""
        match tensors:
            case "weights":
                return self.weights
            case "gradient":
                return self.gradient
            case "all":
                return self.everything


class Entry(NamedTuple):
    """A line of the log: an event as JSON, and whether the newest frame goes before it."""

    text: str
    after_frame: bool


class Room:
    """The log of a run, its newest frame and progress, and its viewers."""

    def __init__(self, on_watch: Callable[[], None]) -> None:
        self.log: list[Entry] = []
        self.epochs: list[str] = []  # the events of the epochs only: entry i is epoch i + 1
        self.frame: Frame | None = None
        self.progress: str | None = None
        self.closed = False
        self.viewers: set[Viewer] = set()
        self._on_watch = on_watch  # called when the demand for frames may have changed
        self._frames_per_second = 0.0
        self._next_progress = 0.0

    def add_epoch(self, event: dict[str, Any]) -> None:
        """Log an epoch."""
        text = strict_json(event)
        self.epochs.append(text)
        self.progress = None
        self._log(Entry(text, after_frame=False))

    def add_event(self, event: dict[str, Any], *, after_frame: bool = False) -> None:
        """Log a change of state, or an error that all are told."""
        self.progress = None
        self._log(Entry(strict_json(event), after_frame))

    def set_progress(self, event: dict[str, Any]) -> None:
        """Replace the newest progress. In a large room it often waits for the next event."""
        self.progress = strict_json(event)
        now = asyncio.get_running_loop().time()
        if now >= self._next_progress:
            self._next_progress = now + len(self.viewers) / PROGRESS_PER_SECOND
            self._wake_all()

    def set_frame(self, frame: Frame) -> None:
        """Replace the newest frame."""
        self.frame = frame
        self._wake_all()

    def close(self) -> None:
        """Let the viewers go once they have seen the whole log."""
        self.closed = True
        self._wake_all()

    def frames_per_second(self) -> float:
        """Return how many frames a second the most demanding viewer wants."""
        return self._frames_per_second

    def watch(self) -> None:
        """Note that somebody came or left, or wants something else."""
        self._frames_per_second = max(
            (viewer.frames_per_second for viewer in self.viewers), default=0.0
        )
        self._on_watch()

    def _log(self, entry: Entry) -> None:
        self.log.append(entry)
        self._wake_all()

    def _wake_all(self) -> None:
        for viewer in self.viewers:
            viewer.wake.set()


class Viewer:
    """Somebody who watches: a cursor into the room's log, and what frames they want."""

    def __init__(self, room: Room, send: Send) -> None:
        self.room = room
        self.send = send
        self.frames_per_second = 10.0
        self.tensors: Tensors = "all"
        self.wake = asyncio.Event()
        self._cursor = len(room.log)
        self._progress = room.progress
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
        """Send everything, as long as the room is open. The viewer is in the room meanwhile.

        ``hello`` must describe the room as it was when this viewer was made: nothing may have been
        awaited in between.
        """
        self.room.viewers.add(self)
        self.room.watch()
        try:
            await self.send(hello, *self._new_frame())
            while True:
                self.wake.clear()
                if due := self._due():
                    await self.send(*due)
                if self._cursor == len(self.room.log) and self.room.closed:
                    return
                await self._sleep()
        finally:
            self.room.viewers.discard(self)
            self.room.watch()

    def _due(self) -> list[str | bytes]:
        """Return what this viewer is to be sent now."""
        due: list[str | bytes] = []
        while self._cursor < len(self.room.log):
            entry = self.room.log[self._cursor]
            self._cursor += 1
            if entry.after_frame and self.frames_per_second:
                due += self._new_frame()
            due.append(entry.text)
        progress = self.room.progress
        if progress is not None and progress is not self._progress:
            self._progress = progress
            due.append(progress)
        if self.frames_per_second and asyncio.get_running_loop().time() >= self._frame_is_due():
            due += self._new_frame()
        return due

    def _new_frame(self) -> list[bytes]:
        """Return the newest frame as the one to be sent, or nothing if it was the last one sent."""
        frame = self.room.frame
        if frame is None or frame is self._frame:
            return []
        self._frame = frame
        if self.frames_per_second:
            now = asyncio.get_running_loop().time()
            self._next_frame = max(self._next_frame + 1 / self.frames_per_second, now)
        return [frame.only(self.tensors)]

    def _frame_is_due(self) -> float:
        """Return when the next frame may be sent.

        The run makes as many as the most demanding viewer wants, so that one gets each as it comes.
        By a clock of its own, which ticks as often, it would get each late by the same bit.
        """
        is_most_demanding = self.frames_per_second >= self.room.frames_per_second()
        return 0 if is_most_demanding else self._next_frame

    async def _sleep(self) -> None:
        """Wait until something happened, or until a frame that is there already is due."""
        timer = None
        if self.frames_per_second and self.room.frame is not self._frame:
            loop = asyncio.get_running_loop()
            timer = loop.call_at(self._frame_is_due(), self.wake.set)
        try:
            await self.wake.wait()
        finally:
            if timer:
                timer.cancel()

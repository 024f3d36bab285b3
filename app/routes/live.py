"""A run, live: the WebSocket that a viewer watches it through."""

import asyncio
import time
from collections.abc import Awaitable
from typing import Annotated, Literal

from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect
from pydantic import Field, ValidationError

from app.routes.dependencies import TheClassroom, TheSettings, TheStore, TheVisitor
from app.runs.classroom import Classroom
from app.runs.room import Viewer
from app.runs.spotlight import Spotlight
from app.runs.store import UnknownRunError
from app.settings import Settings
from app.strict_json import strict_json
from app.strict_model import MOST_PROBLEMS, BodyModel
from app.web.rate_limit import TokenBuckets

router = APIRouter()

UNKNOWN_RUN = 4404
ALIVE = '{"type":"alive"}'  # nothing has happened, and the connection is good
MESSAGES_PER_SECOND = 20  # from one viewer; five seconds' worth may come at once


class Watch(BodyModel):
    """Which frames a viewer wants, and how many."""

    type: Literal["watch"]
    frames_per_second: float = Field(10, ge=0, le=30)
    tensors: Literal["weights", "gradient", "all"] = "all"


class StalledError(Exception):
    """The viewer took nothing for too long, and was cut off."""


@router.websocket("/api/runs/{run_id}/live")
async def live(
    websocket: WebSocket,
    run_id: str,
    store: TheStore,
    settings: TheSettings,
    visitor: TheVisitor,
    classroom: TheClassroom,
    after: Annotated[int, Query(ge=0)] = 0,
    told: Annotated[bool, Query()] = False,  # noqa: FBT002 - by the teacher, on an earlier socket
) -> None:
    """Send the run's events as they happen; the viewer may say which frames to send."""
    await websocket.accept()
    socket = ViewerSocket(websocket, settings)
    try:
        try:
            run = store.get(run_id)
        except UnknownRunError as error:
            await socket.send(error_event(str(error)))
            await socket.close(UNKNOWN_RUN)
            return
        await run.load()
        viewer = Viewer(run.room, socket.send)
        await first_to_end(
            viewer.serve(run.hello(after, visitor)),
            listen(websocket, viewer),
            tell_what_is_shown(store.spotlight, viewer, told=told),
            tell_of_the_lesson(classroom, visitor, viewer, told=told),
            socket.keep_alive(),
        )
        await socket.close(UNKNOWN_RUN)  # the room closed: the run is gone
    except (WebSocketDisconnect, StalledError):
        pass


class ViewerSocket:
    """A viewer's socket, which is cut off if it takes nothing for too long.

    Our server (``app.web.protocols``) offers a short way to send; under another server the usual
    one does the same.
    """

    def __init__(self, websocket: WebSocket, settings: Settings) -> None:
        self._websocket = websocket
        self._patience = settings.viewer_stall_seconds
        self._longest_silence = settings.heartbeat_seconds
        self._last_sent = time.monotonic()
        self._extensions = websocket.scope.get("extensions") or {}

    async def send(self, *messages: str | bytes) -> None:
        """Send messages, in this order. Raises StalledError."""
        if short := self._extensions.get("nudge.send"):
            if not short["writable"].is_set():
                await self._within_time(short["writable"].wait())
            short["now"](messages)
            self._last_sent = time.monotonic()
            return
        for message in messages:
            self._last_sent = time.monotonic()
            if isinstance(message, str):
                await self._within_time(self._websocket.send_text(message))
            else:
                await self._within_time(self._websocket.send_bytes(message))

    async def keep_alive(self) -> None:
        """Send a sign of life whenever nothing else was sent for a while. Raises StalledError.

        It is a message, not a ping, because a page can't see pings.
        """
        while True:
            silent = time.monotonic() - self._last_sent
            if silent < self._longest_silence:
                await asyncio.sleep(self._longest_silence - silent)
            else:
                await self.send(ALIVE)

    async def close(self, code: int) -> None:
        """Close the socket. Raises StalledError."""
        await self._within_time(self._websocket.close(code))

    async def _within_time(self, sending: Awaitable[object]) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await sending
        except TimeoutError:
            # Without a goodbye, which would wait behind what is not being read.
            if cut_off := self._extensions.get("nudge.cut_off"):
                cut_off["now"]()
            raise StalledError from None


async def listen(websocket: WebSocket, viewer: Viewer) -> None:
    """Handle the viewer's messages until they leave; many messages are handled slowly."""
    said = TokenBuckets(MESSAGES_PER_SECOND, 5)
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message["code"])
        if wait := said.wait("messages"):
            await asyncio.sleep(wait)
        try:
            watch = Watch.model_validate_json(message.get("text") or "")
        except ValidationError as error:
            reasons = "; ".join(
                f"{'.'.join(map(str, e['loc'])) or 'the message'}: {e['msg']}"
                for e in error.errors(include_url=False, include_input=False)[:MOST_PROBLEMS]
            )
            await viewer.send(error_event(f"that is not a watch message ({reasons})"))
        else:
            viewer.watch(watch.frames_per_second, watch.tensors)


async def tell_what_is_shown(spotlight: Spotlight, viewer: Viewer, *, told: bool) -> None:
    """Tell the viewer, after the hello, which run the teacher shows."""
    await viewer.greeted.wait()
    await spotlight.follow(viewer.send, told=told)


async def tell_of_the_lesson(
    classroom: Classroom, visitor: str, viewer: Viewer, *, told: bool
) -> None:
    """Tell the viewer, after the hello, what the teacher does with all."""
    await viewer.greeted.wait()
    await classroom.follow(visitor, viewer.send, told=told)


async def first_to_end(*coroutines: Awaitable[None]) -> None:
    """Run several until one ends, then cancel the others; raise what it raised."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # What a task raised refers to this frame. If the frame referred to the task, that circle
        # would keep a crowd that has left in memory until the next garbage collection.
        tasks.clear()
        del task


def error_event(detail: str) -> str:
    """Return an error event."""
    return strict_json({"type": "error", "detail": detail})

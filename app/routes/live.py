"""A run, live: the WebSocket that a viewer watches it through."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.routes.dependencies import TheSettings, TheStore, TheVisitor
from app.runs.messages import strict_json
from app.runs.room import Viewer
from app.runs.store import UnknownRunError

router = APIRouter()

UNKNOWN_RUN = 4404


class Watch(BaseModel):
    """What a viewer asks for: frames of what, and how many."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

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
    after: Annotated[int, Query(ge=0)] = 0,
) -> None:
    """Send the run's events as they come, and take in what the viewer wants to see."""
    await websocket.accept()

    async def within_time(sending: Awaitable[None]) -> None:
        try:
            async with asyncio.timeout(settings.viewer_stall_seconds):
                await sending
        except TimeoutError:
            cut_off(websocket)
            raise StalledError from None

    def send_text(text: str) -> Awaitable[None]:
        return within_time(websocket.send_text(text))

    def send_bytes(data: bytes) -> Awaitable[None]:
        return within_time(websocket.send_bytes(data))

    try:
        try:
            run = store.get(run_id)
        except UnknownRunError as error:
            await send_text(error_event(str(error)))
            await within_time(websocket.close(UNKNOWN_RUN))
            return
        await run.gather()
        viewer = Viewer(run.room, send_text, send_bytes)
        hello = run.hello(after, visitor)
        await first_to_end(viewer.serve(hello), listen(websocket, viewer, send_text))
        await within_time(websocket.close(UNKNOWN_RUN))  # the room closed: the run is gone
    except (WebSocketDisconnect, StalledError):
        pass


async def listen(
    websocket: WebSocket, viewer: Viewer, send_text: Callable[[str], Awaitable[None]]
) -> None:
    """Take in what the viewer says, until they leave."""
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message["code"])
        try:
            watch = Watch.model_validate_json(message.get("text") or "")
        except ValidationError as error:
            reasons = "; ".join(
                f"{'.'.join(map(str, e['loc'])) or 'the message'}: {e['msg']}"
                for e in error.errors(include_url=False, include_input=False)
            )
            await send_text(error_event(f"that is not a watch message ({reasons})"))
        else:
            viewer.watch(watch.frames_per_second, watch.tensors)


async def first_to_end(*coroutines: Awaitable[None]) -> None:
    """Run several until one ends, then cancel the others; raise what it raised."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def cut_off(websocket: WebSocket) -> None:
    """Drop the connection without a goodbye, which would wait behind what is not being read."""
    extension = websocket.scope.get("extensions", {}).get("nudge.cut_off")
    if extension:
        extension["now"]()


def error_event(detail: str) -> str:
    """Return an error event."""
    return strict_json({"type": "error", "detail": detail})

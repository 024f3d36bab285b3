"""A sweep, live: the WebSocket that it is watched through."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect

from app.routes.dependencies import TheSettings, TheVisitor
from app.routes.live import (
    MESSAGES_PER_SECOND,
    StalledError,
    ViewerSocket,
    error_event,
    first_to_end,
)
from app.routes.sweeps import TheSweeps
from app.sweeps.sweeps import UnknownSweepError
from app.sweeps.viewer import SweepViewer
from app.web.rate_limit import TokenBuckets

router = APIRouter()

UNKNOWN_SWEEP = 4404


@router.websocket("/api/sweeps/{sweep_id}/live")
async def live(
    websocket: WebSocket,
    sweep_id: str,
    sweeps: TheSweeps,
    settings: TheSettings,
    visitor: TheVisitor,
    after: Annotated[
        str,
        Query(
            pattern=r"^\d{1,15}(,\d{1,15})*$",
            max_length=20_000,
            description="The last epoch seen of each run, in the order of `runs`, with commas "
            "between; one that is left out is 0.",
        ),
    ] = "0",
) -> None:
    """Send what happens in the sweep's runs."""
    await websocket.accept()
    socket = ViewerSocket(websocket, settings)
    try:
        try:
            sweep = sweeps.get(sweep_id)
        except UnknownSweepError as error:
            await socket.send(error_event(str(error)))
            await socket.close(UNKNOWN_SWEEP)
            return
        sweep.touch()
        await sweep.load()
        viewer = SweepViewer(sweep, socket.send)
        await first_to_end(
            viewer.serve(visitor, [int(epoch) for epoch in after.split(",")]),
            answer(websocket, socket),
            socket.keep_alive(),
        )
        await socket.close(UNKNOWN_SWEEP)  # it is gone
    except (WebSocketDisconnect, StalledError):
        pass


async def answer(websocket: WebSocket, socket: ViewerSocket) -> None:
    """Say, whatever the viewer says, that there is nothing to be said; until they leave."""
    said = TokenBuckets(MESSAGES_PER_SECOND, 5)
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message["code"])
        if wait := said.wait("messages"):
            await asyncio.sleep(wait)
        await socket.send(error_event("a sweep takes no messages here: it is steered by HTTP"))

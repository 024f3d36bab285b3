"""The classroom: the teacher's page, the wall of all runs that it shows, and the spotlight."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Request, WebSocket, WebSocketDisconnect
from fastapi.requests import HTTPConnection
from fastapi.responses import HTMLResponse, Response
from pydantic import Field

from app.routes.dependencies import TheSettings, TheStore, require_teacher
from app.routes.live import StalledError, ViewerSocket, first_to_end
from app.routes.page_data import EXPERIMENTS
from app.routes.problems import problems
from app.runs.wall import VisitorNames, Wall
from app.settings import Settings
from app.strict_model import BodyModel
from app.web.frontend import rendered
from app.web.location import location_of

SECONDS_BETWEEN_NEWS = 1.0


router = APIRouter(dependencies=[Depends(require_teacher)])


async def get_visitors(connection: HTTPConnection) -> VisitorNames:
    """Return the visitors' names."""
    visitors: VisitorNames = connection.app.state.visitor_names
    return visitors


class Show(BodyModel):
    """The run to show to everybody."""

    run: str | None = Field(description="null: none any more.")


@router.get("/classroom", response_class=HTMLResponse, include_in_schema=False)
async def classroom(request: Request) -> Response:
    """Return the teacher's page."""
    settings: Settings = request.app.state.settings
    origin, prefix = settings.public_origin, location_of(request.scope).prefix
    page = EXPERIMENTS | {"address": f"{origin}{prefix}/" if origin else None}
    return rendered(request, "classroom/classroom.html", page=page)


@router.post("/api/classroom/show", responses=problems(404))
async def show(choice: Show, store: TheStore) -> Show:
    """Show a run to all viewers of all runs."""
    if choice.run is not None:
        store.get(choice.run)
    store.spotlight.show(choice.run)
    return choice


@router.websocket("/api/classroom/live")
async def live(
    websocket: WebSocket,
    store: TheStore,
    settings: TheSettings,
    visitors: Annotated[VisitorNames, Depends(get_visitors)],
) -> None:
    """Send what is new on the wall about once a second."""
    await websocket.accept()
    try:
        with Wall(store, visitors) as wall:
            socket = ViewerSocket(websocket, settings)
            await first_to_end(tell(socket, wall), until_left(websocket), socket.keep_alive())
    except (WebSocketDisconnect, StalledError):
        pass


async def tell(socket: ViewerSocket, wall: Wall) -> None:
    """Send the news again and again. Raises StalledError."""
    while True:
        news = await wall.news()
        if news.text:
            await socket.send(news.text)
        for picture in news.pictures:
            await socket.send(picture)
            await asyncio.sleep(0)  # requests that wait for an answer go first
        await asyncio.sleep(SECONDS_BETWEEN_NEWS)


async def until_left(websocket: WebSocket) -> None:
    """Wait until the teacher leaves; messages on this socket are ignored."""
    while (await websocket.receive())["type"] != "websocket.disconnect":
        pass
    raise WebSocketDisconnect

"""The classroom: the teacher's page, the wall of all runs that it shows, and the spotlight."""

import asyncio
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field, StringConstraints, field_validator

from app.access.sign_in import LOCAL_ADDRESS
from app.routes.dependencies import TheClassroom, TheSettings, TheStore, require_teacher
from app.routes.live import StalledError, ViewerSocket, first_to_end
from app.routes.page_data import EXPERIMENTS
from app.routes.problems import problems
from app.routes.sweeps import TheSweeps
from app.runs.holding import obey_hold
from app.runs.record import LIVE
from app.runs.spec import Text
from app.runs.wall import Wall
from app.settings import Settings
from app.strict_model import BodyModel
from app.sweeps.tiles import tiles_of
from app.web.frontend import rendered
from app.web.location import location_of

SECONDS_BETWEEN_NEWS = 1.0


router = APIRouter(dependencies=[Depends(require_teacher)])


class Show(BodyModel):
    """The run to show to everybody."""

    run: str | None = Field(description="null: none any more.")
    look: bool = Field(
        default=False, description="Whether it is brought to every screen, and not only offered."
    )


class HoldIn(BodyModel):
    """Pause all runs, or let them go on."""

    reason: Annotated[Text, StringConstraints(min_length=1, max_length=200)] | None = Field(
        description="Told to everybody. null: all that this paused go on."
    )


class Sending(BodyModel):
    """Something for all pages."""

    text: Text = Field("", max_length=300)
    link: Annotated[str, StringConstraints(max_length=2000)] | None = Field(
        None, description="An address below this server's root, such as /?hidden=32."
    )

    @field_validator("link")
    @classmethod
    def _is_ours(cls, link: str | None) -> str | None:
        if link is not None and not LOCAL_ADDRESS.fullmatch(link):
            raise ValueError("it is no address of this server: it begins with one slash")
        return link


class Held(BaseModel):
    """How many runs were paused, or go on again."""

    reason: str | None
    runs: int


@router.get("/classroom", response_class=HTMLResponse, include_in_schema=False)
async def classroom(request: Request) -> Response:
    """Return the teacher's page."""
    settings: Settings = request.app.state.settings
    origin, prefix = settings.public_origin, location_of(request.scope).prefix
    page = EXPERIMENTS | {"address": f"{origin}{prefix}/" if origin else None}
    return rendered(request, "classroom/classroom.html", page=page)


@router.post("/api/classroom/show", responses=problems(404), response_model_exclude_unset=True)
async def show(choice: Show, store: TheStore) -> Show:
    """Show a run to all viewers of all runs."""
    if choice.run is not None:
        store.get(choice.run)
    store.spotlight.show(choice.run, look=choice.look)
    return choice


@router.post("/api/classroom/hold", responses=problems(404))
async def hold(holding: HoldIn, store: TheStore, classroom: TheClassroom) -> Held:
    """Pause all runs and let nobody but a teacher train, or lift that again."""
    classroom.hold_all(holding.reason)
    return Held(reason=holding.reason, runs=await obey_hold(store))


@router.post("/api/classroom/send", status_code=204, responses=problems(404))
async def send(sending: Sending, classroom: TheClassroom) -> None:
    """Send words and a link to every open page; with neither, take back what was sent."""
    classroom.send(sending.text, sending.link)


@router.post("/api/classroom/clear", status_code=204, responses=problems(404))
async def clear(store: TheStore, classroom: TheClassroom, sweeps: TheSweeps) -> None:
    """Take the runs and sweeps off the wall that have ended; they are still there."""
    classroom.cleared |= {run.id for run in store.all() if run.status not in LIVE}
    classroom.cleared |= {sweep.id for sweep in sweeps.all() if sweep.status not in LIVE}


@router.post("/api/classroom/end", status_code=204, responses=problems(404))
async def end(store: TheStore, classroom: TheClassroom, sweeps: TheSweeps) -> None:
    """End the lesson: pupils are told and forgotten, runs may train, the code is another one."""
    await clear(store, classroom, sweeps)
    classroom.hold_all(None)
    await obey_hold(store)
    store.spotlight.show(None)
    classroom.end()


@router.websocket("/api/classroom/live")
async def live(
    websocket: WebSocket,
    store: TheStore,
    settings: TheSettings,
    classroom: TheClassroom,
    sweeps: TheSweeps,
) -> None:
    """Send what is new on the wall about once a second."""
    await websocket.accept()
    try:
        with Wall(store, classroom, partial(tiles_of, sweeps)) as wall:
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

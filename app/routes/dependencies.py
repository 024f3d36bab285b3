"""What the routes are given: settings, store, downloads, and the run that the path names.

All of these are coroutines, although none waits: FastAPI would call a plain function in another
thread, where a run must not be used, and where it would take longer.
"""

from typing import Annotated

from fastapi import Depends, HTTPException, Query
from fastapi.requests import HTTPConnection

from app.access.sign_in import TokenNeededError
from app.access.tokens import Tokens
from app.datasets.downloads import Downloads
from app.runs.classroom import LESSON, Classroom
from app.runs.run import Run
from app.runs.store import RunStore
from app.settings import Settings
from app.web.heavy_work import HeavyWork
from app.web.rate_limit import address_of, is_loopback


async def get_settings(connection: HTTPConnection) -> Settings:
    """Return the settings of this app."""
    settings: Settings = connection.app.state.settings
    return settings


async def get_store(connection: HTTPConnection) -> RunStore:
    """Return the store of this app."""
    store: RunStore = connection.app.state.store
    return store


async def get_classroom(connection: HTTPConnection) -> Classroom:
    """Return the lesson of this app."""
    classroom: Classroom = connection.app.state.classroom
    return classroom


async def get_downloads(connection: HTTPConnection) -> Downloads:
    """Return the downloads of this app."""
    downloads: Downloads = connection.app.state.downloads
    return downloads


async def get_heavy_work(connection: HTTPConnection) -> HeavyWork:
    """Return what heavy work waits for."""
    work: HeavyWork = connection.app.state.heavy_work
    return work


async def get_run(run_id: str, store: Annotated[RunStore, Depends(get_store)]) -> Run:
    """Return the run that the path names. Raises UnknownRunError."""
    run = store.get(run_id)
    run.touch()
    return run


async def get_visitor(connection: HTTPConnection) -> str:
    """Return the id in the caller's cookie."""
    visitor: str = connection.scope["state"]["visitor"]
    return visitor


async def get_address(
    connection: HTTPConnection,
    visitor: Annotated[str, Depends(get_visitor)],
    classroom: Annotated[Classroom, Depends(get_classroom)],
) -> str:
    """Return the caller's address; empty where its limits do not hold.

    They do not on the server's own machine, nor for those who have entered a token (the teacher's,
    or that of a server which is closed to others). A whole class may share an address: those who
    came to the lesson by its code, from wherever, have limits of their own, together.
    """
    tokens: Tokens = connection.app.state.tokens
    host = connection.client.host if connection.client else ""
    if is_loopback(host) or tokens.open_to(connection):
        return ""
    return LESSON if visitor in classroom.pupils() else address_of(connection.scope)


async def is_teacher(connection: HTTPConnection) -> bool:
    """Return whether the caller has shown the classroom's token."""
    tokens: Tokens = connection.app.state.tokens
    return "classroom" in tokens.open_to(connection)


async def get_own_run(
    run: Annotated[Run, Depends(get_run)], visitor: Annotated[str, Depends(get_visitor)]
) -> Run:
    """Return the run that the path names, if it is the caller's to control."""
    require_owner(run, visitor)
    return run


def require_owner(run: Run, visitor: str) -> None:
    """Raise HTTPException if the run is another visitor's."""
    if run.owner != visitor and not run.is_pretrained:  # whose commands are refused anyway
        raise HTTPException(403, "this run is somebody else's: you can watch it and draw on it")


async def get_run_to_halt(
    run: Annotated[Run, Depends(get_run)],
    visitor: Annotated[str, Depends(get_visitor)],
    teacher: Annotated[bool, Depends(is_teacher)],
) -> Run:
    """Return the run that the path names, if the caller may halt it: a teacher may halt any."""
    return run if teacher else await get_own_run(run, visitor)


async def require_teacher(
    settings: Annotated[Settings, Depends(get_settings)],
    teacher: Annotated[bool, Depends(is_teacher)],
    store: Annotated[RunStore, Depends(get_store)],
    connection: HTTPConnection,
) -> None:
    """Raise TokenNeededError for everybody but the teacher, whose own runs are not held."""
    if settings.classroom_token is None:
        raise HTTPException(404, "there is no classroom: NUDGE_CLASSROOM_TOKEN is not set")
    if not teacher:
        raise TokenNeededError
    if connection.scope["state"]["known"]:
        store.hold.teachers.add(connection.scope["state"]["visitor"])


KeptEpoch = Annotated[
    int | None, Query(ge=0, le=2**53, description="As it was after this epoch, where kept.")
]
TheSettings = Annotated[Settings, Depends(get_settings)]
TheStore = Annotated[RunStore, Depends(get_store)]
TheClassroom = Annotated[Classroom, Depends(get_classroom)]
TheDownloads = Annotated[Downloads, Depends(get_downloads)]
TheHeavyWork = Annotated[HeavyWork, Depends(get_heavy_work)]
TheRun = Annotated[Run, Depends(get_run)]
TheOwnRun = Annotated[Run, Depends(get_own_run)]
TheRunToHalt = Annotated[Run, Depends(get_run_to_halt)]
TheVisitor = Annotated[str, Depends(get_visitor)]
TheAddress = Annotated[str, Depends(get_address)]
IsTeacher = Annotated[bool, Depends(is_teacher)]

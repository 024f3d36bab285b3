"""What the routes are given: settings, store, downloads, and the run that the path names."""

from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.requests import HTTPConnection

from app.downloads import Downloads
from app.runs.run import Run
from app.runs.store import RunStore
from app.settings import Settings


def get_settings(connection: HTTPConnection) -> Settings:
    """Return the settings of this app."""
    settings: Settings = connection.app.state.settings
    return settings


def get_store(connection: HTTPConnection) -> RunStore:
    """Return the store of this app."""
    store: RunStore = connection.app.state.store
    return store


def get_downloads(connection: HTTPConnection) -> Downloads:
    """Return the downloads of this app."""
    downloads: Downloads = connection.app.state.downloads
    return downloads


def get_run(run_id: str, store: Annotated[RunStore, Depends(get_store)]) -> Run:
    """Return the run that the path names. Raises UnknownRunError."""
    run = store.get(run_id)
    run.touch()
    return run


def get_visitor(connection: HTTPConnection) -> str:
    """Return who calls: the id in their cookie."""
    visitor: str = connection.scope.get("state", {}).get("visitor", "")
    return visitor


def is_teacher(connection: HTTPConnection) -> bool:
    """Return whether the caller has shown the classroom's token."""
    settings: Settings = connection.app.state.settings
    token = settings.classroom_token
    return token is not None and connection.headers.get("authorization") == f"Bearer {token}"


def get_own_run(
    run: Annotated[Run, Depends(get_run)], visitor: Annotated[str, Depends(get_visitor)]
) -> Run:
    """Return the run that the path names, if it is the caller's to control."""
    if run.owner != visitor and not run.is_pretrained:  # that says no by itself
        raise HTTPException(403, "this run is somebody else's: you can watch it and draw on it")
    return run


def require_teacher(teacher: Annotated[bool, Depends(is_teacher)]) -> None:
    """Refuse whoever is not the teacher."""
    if not teacher:
        raise HTTPException(401, "this takes the classroom's token")


TheSettings = Annotated[Settings, Depends(get_settings)]
TheStore = Annotated[RunStore, Depends(get_store)]
TheDownloads = Annotated[Downloads, Depends(get_downloads)]
TheRun = Annotated[Run, Depends(get_run)]
TheOwnRun = Annotated[Run, Depends(get_own_run)]
TheVisitor = Annotated[str, Depends(get_visitor)]
IsTeacher = Annotated[bool, Depends(is_teacher)]

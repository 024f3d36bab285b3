"""What the routes are given: settings, store, downloads, and the run that the path names."""

from typing import Annotated

from fastapi import Depends
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
    return store.get(run_id)


TheSettings = Annotated[Settings, Depends(get_settings)]
TheStore = Annotated[RunStore, Depends(get_store)]
TheDownloads = Annotated[Downloads, Depends(get_downloads)]
TheRun = Annotated[Run, Depends(get_run)]

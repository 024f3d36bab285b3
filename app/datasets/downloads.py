"""Downloads of data sets, each in a thread that notes how far it is."""

import contextlib
import threading
from dataclasses import dataclass
from typing import Literal

from app.settings import Settings
from nn_core.datasets import DatasetInfo, DownloadError
from nn_core.datasets.download import download


@dataclass
class DownloadState:
    """How far a download is. One that has succeeded has no state: its data set is here."""

    status: Literal["downloading", "failed"]
    bytes: int
    total_bytes: int | None
    detail: str | None  # why it failed


class ServerStopsError(Exception):
    """The server ends, and the download with it."""


class Downloads:
    """At most one download of each data set."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._states: dict[str, DownloadState] = {}
        self._threads: dict[str, threading.Thread] = {}
        self._closing = False

    def state(self, name: str) -> DownloadState | None:
        """Return how far the download of a data set is; None if there is none."""
        return self._states.get(name)

    def start(self, info: DatasetInfo) -> None:
        """Start to download a data set, unless that has been started."""
        state = self._states.get(info.name)
        if state and state.status == "downloading":
            return
        state = DownloadState("downloading", 0, info.source.size if info.source else None, None)
        self._states[info.name] = state
        # A daemon: a thread that waits for a silent server must not keep this one from ending.
        thread = threading.Thread(target=self._download, args=(info, state), daemon=True)
        self._threads[info.name] = thread
        thread.start()

    def close(self) -> None:
        """End all downloads."""
        self._closing = True
        for thread in self._threads.values():
            thread.join(1)

    def _download(self, info: DatasetInfo, state: DownloadState) -> None:
        """Download a data set: what the thread runs."""

        def note(done: int, total: int) -> None:
            if self._closing:
                raise ServerStopsError
            state.bytes, state.total_bytes = done, total

        failure = "it ended unexpectedly; the server's log says more"
        try:
            directory = self._settings.library.download_dir(info.name)
            with contextlib.suppress(ServerStopsError):
                download(info, directory, note, self._settings.mirror)
            failure = ""
        except DownloadError as error:
            failure = str(error)
        finally:
            if failure:
                state.status, state.detail = "failed", failure
            else:
                del self._states[info.name]

"""The downloads of data sets that this server makes: each in a thread, with how far it is."""

import contextlib
import threading
from dataclasses import dataclass
from typing import Literal

from app.settings import Settings
from nn_core.datasets import DatasetInfo, DownloadError
from nn_core.datasets.download import download


@dataclass
class DownloadState:
    """How a download goes. One that has succeeded has no state: its data set is here."""

    status: Literal["downloading", "failed"]
    bytes: int
    total_bytes: int | None
    detail: str | None  # why it failed


class ServerStopsError(Exception):
    """The server is about to end, and so is the download."""


class Downloads:
    """One download for each data set at most."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._states: dict[str, DownloadState] = {}
        self._threads: dict[str, threading.Thread] = {}
        self._closing = False

    def state(self, name: str) -> DownloadState | None:
        """Return how the download of a data set goes; None if there is none."""
        return self._states.get(name)

    def start(self, info: DatasetInfo) -> None:
        """Begin to download a data set, unless that is under way."""
        state = self._states.get(info.name)
        if state and state.status == "downloading":
            return
        state = DownloadState("downloading", 0, info.source.size if info.source else None, None)
        self._states[info.name] = state
        # A daemon: one that waits for a silent server must not keep ours from ending.
        thread = threading.Thread(target=self._download, args=(info, state), daemon=True)
        self._threads[info.name] = thread
        thread.start()

    def close(self) -> None:
        """End all downloads."""
        self._closing = True
        for thread in self._threads.values():
            thread.join(1)

    def _download(self, info: DatasetInfo, state: DownloadState) -> None:
        """Download a data set and note how that goes."""

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

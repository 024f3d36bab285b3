"""A real server in a thread of the test process: real HTTP and real sockets, in milliseconds."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.main import create_app
from app.server import Server, uvicorn_config
from app.settings import Settings
from tests.servers import ENGINE_SETTINGS, PATIENCE


class AnnouncedServer(Server):
    """A server that tells when it is up."""

    up: threading.Event

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


class ServerThread:
    """The application as ``nudge serve`` serves it, in a thread.

    What goes wrong in it is raised in the thread that starts or stops it, or is logged as an
    error, which fails the test.
    """

    def __init__(
        self, settings: Settings, port: int = 0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.app = create_app(settings, clock)
        self._server = AnnouncedServer(uvicorn_config(self.app, "127.0.0.1", port))
        self._server.up = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="server")
        self._thread.start()
        assert self._server.up.wait(PATIENCE), "the server did not start"
        if self._error:
            self._thread.join(PATIENCE)
            raise AssertionError("the server did not start") from self._error
        self.port: int = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.task = Path(f"/proc/{os.getpid()}/task/{self._thread.native_id}")

    def _run(self) -> None:
        try:
            self._server.run()
        except BaseException as error:  # noqa: BLE001 - whoever waits for it raises it
            self._error = error
        finally:
            self._server.up.set()

    def stop(self) -> None:
        """End the server as SIGTERM would: all of it has ended when this returns."""
        self._server.should_exit = True
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "the server did not end"
        if self._error:
            raise AssertionError("the server ended with an error") from self._error


StartServer = Callable[..., ServerThread]


@contextmanager
def serving(
    folder: Path, port: int = 0, clock: Callable[[], float] = time.monotonic, **settings: Any
) -> Iterator[ServerThread]:
    """Serve with these settings, and with a store and a cache in this folder, for a ``with``."""
    folders = {"store_dir": folder / "store", "cache_dir": folder / "cache"}
    server = ServerThread(Settings(**(folders | ENGINE_SETTINGS | settings)), port, clock)
    try:
        yield server
    finally:
        server.stop()

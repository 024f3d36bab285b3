"""The server under the application: uvicorn, with our protocols."""

import gc
import socket

import uvicorn
from fastapi import FastAPI

from app.access.hosts import hosts_of
from app.access.secret import kept_secret
from app.log_setup import set_up_logs
from app.main import create_app
from app.operating_system import raise_file_limit
from app.runs.engines import require_engine
from app.runs.storage import check_storage
from app.settings import Settings
from app.web.protocols import http_protocol, websocket_protocol


class Server(uvicorn.Server):
    """Uvicorn, which tells the viewers and saves the runs before it closes the sockets."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app = self.config.app
        assert isinstance(app, FastAPI)
        await app.state.store.prepare_for_shutdown()
        await super().shutdown(sockets)


class ServerOfProcess(Server):
    """A server that has its process to itself."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # What exists now exists until the end: the garbage collector need not look through it,
        # which would make everybody wait 0.1 s each time.
        gc.collect()
        gc.freeze()


def uvicorn_config(app: FastAPI, host: str, port: int) -> uvicorn.Config:
    """Return how uvicorn serves the application."""
    settings: Settings = app.state.settings
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=http_protocol(settings.download_stall_seconds),
        ws=websocket_protocol(settings.socket_buffer_bytes, settings.viewer_stall_seconds),
        ws_max_size=2**16,  # a viewer says little
        ws_per_message_deflate=False,  # frames are noise to it, and it would cost the server dear
        timeout_graceful_shutdown=3,
        server_header=False,
        log_config=None,  # set_up_logs has done it
        access_log=False,  # the request log says more
        proxy_headers=False,  # the application reads them, and more of them
    )


def serve(host: str, port: int, settings: Settings) -> None:
    """Serve the playground until told to stop.

    Raises StoreError and OSError if its runs can't be kept, or were kept and can't be read, and
    EngineMissingError if they can't be trained.
    """
    require_engine(settings)
    set_up_logs()
    raise_file_limit()
    folder = check_storage(settings)
    if settings.secret is None:
        kept_secret(folder)
    settings = settings.model_copy(update={"hosts": hosts_of(settings, host)})
    ServerOfProcess(uvicorn_config(create_app(settings), host, port)).run()

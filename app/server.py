"""The server under the application: uvicorn, with what rude clients need."""

import gc
import socket

import uvicorn
from fastapi import FastAPI

from app.logs import set_up_logs
from app.main import create_app
from app.operating_system import raise_file_limit
from app.runs.storage import check_storage
from app.settings import Settings
from app.web.protocols import HTTP, websocket_protocol


class Server(uvicorn.Server):
    """Uvicorn, which first lets the runs make ready for the end."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End. The viewers are told while there still are any."""
        app = self.config.app
        assert isinstance(app, FastAPI)
        await app.state.store.prepare_for_shutdown()
        await super().shutdown(sockets)


class ServerOfProcess(Server):
    """A server that has its process to itself."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin."""
        await super().startup(sockets)
        # What there is now is there for good: to look through it for garbage again and again would
        # make everybody wait 0.1 s each time.
        gc.collect()
        gc.freeze()


def uvicorn_config(app: FastAPI, host: str, port: int) -> uvicorn.Config:
    """Return how uvicorn serves the application."""
    settings: Settings = app.state.settings
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=HTTP,
        ws=websocket_protocol(settings.socket_buffer_bytes, settings.viewer_stall_seconds),
        ws_max_size=2**16,  # a viewer says little
        ws_per_message_deflate=False,  # frames are noise to it, and it would cost the server dear
        timeout_graceful_shutdown=3,
        server_header=False,
        log_config=None,  # ours has been set up
        access_log=False,  # ours knows more
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
    )


def serve(host: str, port: int, settings: Settings) -> None:
    """Serve the playground until told to stop.

    Raises StoreError and OSError if its runs can't be kept.
    """
    set_up_logs()
    raise_file_limit()
    check_storage(settings)
    ServerOfProcess(uvicorn_config(create_app(settings), host, port)).run()

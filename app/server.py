"""The server under the application: uvicorn, with what a rude viewer needs."""

import socket
import struct

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from app.main import create_app
from app.runs.keeper import check_store
from app.settings import Settings


def websocket_protocol(buffer_bytes: int) -> type[WebSocketsSansIOProtocol]:
    """Return uvicorn's WebSocket protocol with two things more.

    The kernel holds back at most ``buffer_bytes`` for a viewer that reads slowly: beyond that its
    frames would be old. And the application can cut off a viewer that reads nothing: closing
    politely would wait behind what is not being read.
    """

    class Protocol(WebSocketsSansIOProtocol):
        def handle_connect(self, event: Request) -> None:
            sock = self.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer_bytes)
            super().handle_connect(event)
            if self.handshake_initiated and not self.close_sent:
                self.scope["extensions"]["nudge.cut_off"] = {"now": self.cut_off}

        def cut_off(self) -> None:
            # Without lingering, the kernel drops what the viewer has not read and sends a reset;
            # else it would hold all of that for as long as the viewer's machine is up.
            sock = self.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.transport.abort()

    return Protocol


class Server(uvicorn.Server):
    """Uvicorn, which first lets the runs make ready for the end."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End. The viewers are told while there still are any."""
        app = self.config.app
        assert isinstance(app, FastAPI)
        await app.state.store.leave()
        await super().shutdown(sockets)


def serve(host: str, port: int, settings: Settings) -> None:
    """Serve the playground until told to stop.

    Raises StoreError and OSError if its runs can't be kept.
    """
    check_store(settings)
    app: FastAPI = create_app(settings)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        ws=websocket_protocol(settings.socket_buffer_bytes),
        ws_max_size=2**16,  # a viewer says little
        ws_per_message_deflate=False,  # frames are noise to it, and it would cost the server dear
        timeout_graceful_shutdown=5,
        server_header=False,
    )
    Server(config).run()

"""The server under the application: uvicorn, with what a rude viewer needs."""

import socket
import struct
import sys
from functools import lru_cache

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Request

from app.main import create_app
from app.settings import Settings


def websocket_protocol(buffer_bytes: int, stall_seconds: float) -> type[WebSocketsSansIOProtocol]:
    """Return uvicorn's WebSocket protocol with three things more.

    The kernel holds back at most ``buffer_bytes`` for a viewer that reads slowly: beyond that its
    frames would be old. And the application can cut off a viewer that reads nothing: closing
    politely would wait behind what is not being read. And what it sends to many is made into bytes
    once, and given to each connection as it is: that is most of what two hundred viewers cost.
    """

    class Protocol(WebSocketsSansIOProtocol):
        def handle_connect(self, event: Request) -> None:
            sock = self.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer_bytes)
            if sys.platform == "linux":
                # What waits here with nothing behind it would wait as long as the viewer likes.
                milliseconds = round(1000 * stall_seconds)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
            super().handle_connect(event)
            if self.handshake_initiated and not self.close_sent:
                self.scope["extensions"] |= {
                    "nudge.cut_off": {"now": self.cut_off},
                    "nudge.send": {"now": self.send_now, "writable": self.writable},
                }

        def send_now(self, messages: tuple[str | bytes, ...]) -> None:
            # Once the viewer has left, or was told to, the application will hear of it.
            if not (self.disconnected or self.close_sent or self.transport.is_closing()):
                self.transport.write(on_the_wire(messages))

        def cut_off(self) -> None:
            # Without lingering, the kernel drops what the viewer has not read and sends a reset;
            # else it would hold all of that for as long as the viewer's machine is up.
            sock = self.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.transport.abort()

    return Protocol


@lru_cache(maxsize=4)  # for those who are sent the same, which happens all at once
def on_the_wire(messages: tuple[str | bytes, ...]) -> bytes:
    """Return the bytes of these messages on a WebSocket. A server's are the same for everybody."""
    frames = (
        Frame(Opcode.TEXT, message.encode())
        if isinstance(message, str)
        else Frame(Opcode.BINARY, message)
        for message in messages
    )
    return b"".join(frame.serialize(mask=False) for frame in frames)


def serve(host: str, port: int, settings: Settings) -> None:
    """Serve the playground until told to stop."""
    app: FastAPI = create_app(settings)
    uvicorn.run(
        app,
        host=host,
        port=port,
        ws=websocket_protocol(settings.socket_buffer_bytes, settings.viewer_stall_seconds),
        ws_max_size=2**16,  # a viewer says little
        ws_per_message_deflate=False,  # frames are noise to it, and it would cost the server dear
        timeout_graceful_shutdown=5,
        server_header=False,
    )

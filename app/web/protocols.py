"""uvicorn's protocols, with limits on what a rude client can cost.

Not limited here: how long a body may take that comes drop by drop (a proxy in front can do that),
and the number of connections, each of which is an open file (the server raises that limit).
"""

import asyncio
from functools import lru_cache

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState
from websockets.frames import Frame, Opcode
from websockets.http11 import Request

from app.operating_system import limit_socket_buffers, limit_unacknowledged, reset_on_close

REQUEST_SECONDS = 10  # within which a request's headers must have come
READS_PER_SECOND = 20  # of one viewer
READ_BYTES = 8 * 2**10  # what the kernel may hold of what a viewer says, which is one read
MOST_FRAGMENTS = 100  # of one message; those of our page have one


class HTTP(H11Protocol):
    """uvicorn's HTTP protocol, which closes a connection on which no request comes in time.

    uvicorn does so only between two requests, and only until the next one's first byte.
    """

    deadline: asyncio.TimerHandle

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.expect_request()

    def on_response_complete(self) -> None:
        self.deadline.cancel()
        self.expect_request()
        super().on_response_complete()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self.deadline.cancel()
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        self.deadline.cancel()
        super().connection_lost(exc)

    def expect_request(self) -> None:
        """Close the connection if no request is being answered in a while."""
        self.deadline = self.loop.call_later(REQUEST_SECONDS, self.close_if_idle)

    def close_if_idle(self) -> None:
        """Close the connection unless a request is being answered."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.abort()


@lru_cache(maxsize=4)  # all viewers are sent the same messages at about the same time
def on_the_wire(messages: tuple[str | bytes, ...]) -> bytes:
    """Return the bytes of these messages on a WebSocket: the same for every viewer."""
    frames = (
        Frame(Opcode.TEXT, message.encode())
        if isinstance(message, str)
        else Frame(Opcode.BINARY, message)
        for message in messages
    )
    return b"".join(frame.serialize(mask=False) for frame in frames)


class WebSocket(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol with four additions.

    - The kernel buffers at most ``buffer_bytes`` for a viewer that reads slowly; with more, its
      frames would be old.
    - The application can cut off a viewer that reads nothing. A close message would wait behind
      the data that is not being read.
    - Messages to many viewers are encoded once: most of what two hundred viewers cost.
    - A viewer that sends too much is read slowly, so that it has to wait, not the server.
    """

    buffer_bytes: int
    stall_seconds: float

    def handle_connect(self, event: Request) -> None:
        sock = self.transport.get_extra_info("socket")
        limit_socket_buffers(sock, self.buffer_bytes, READ_BYTES)
        # Otherwise the last bytes for a viewer that reads nothing would stay as long as it likes.
        # Twice as long as the application waits: that sends a reset, the kernel sends nothing.
        limit_unacknowledged(sock, 2 * self.stall_seconds)
        super().handle_connect(event)
        if self.handshake_initiated and not self.close_sent:
            self.scope["extensions"] |= {
                "nudge.cut_off": {"now": self.cut_off},
                "nudge.send": {"now": self.send_now, "writable": self.writable},
            }

    def connection_lost(self, exc: Exception | None) -> None:
        """Drop what refers to this connection, so that its memory is free at once."""
        super().connection_lost(exc)
        if hasattr(self, "scope"):  # it was accepted as a socket
            self.scope.pop("extensions", None)

    def data_received(self, data: bytes) -> None:
        """Handle what came in, and read no more for a moment."""
        try:
            super().data_received(data)
        except InvalidState:  # bad UTF-8 with a close message behind it: uvicorn closes twice
            self.transport.close()
        self.transport.pause_reading()
        self.loop.call_later(1 / READS_PER_SECOND, self.read_on)

    def read_on(self) -> None:
        """Read again, unless the application has not yet taken what was read."""
        if not self.read_paused:
            self.transport.resume_reading()

    def handle_ping(self) -> None:
        """Answer a ping, unless the viewer does not read: the answers would fill the memory."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()

    def handle_cont(self, event: Frame) -> None:
        super().handle_cont(event)
        if len(self.frames) > MOST_FRAGMENTS:
            self.cut_off()

    def send_now(self, messages: tuple[str | bytes, ...]) -> None:
        """Send messages, whether or not the viewer has read those before."""
        # If the viewer has left, or is about to, the application will be told elsewhere.
        if not (self.disconnected or self.close_sent or self.transport.is_closing()):
            self.transport.write(on_the_wire(messages))

    def cut_off(self) -> None:
        """Close the connection at once."""
        reset_on_close(self.transport.get_extra_info("socket"))
        self.transport.abort()


def websocket_protocol(buffer_bytes: int, stall_seconds: float) -> type[WebSocket]:
    """Return the protocol with these limits."""
    bounds = {"buffer_bytes": buffer_bytes, "stall_seconds": stall_seconds}
    return type("BoundedWebSocket", (WebSocket,), bounds)

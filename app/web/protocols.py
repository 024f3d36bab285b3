"""Connections of rude clients: each costs the server a file, and some of its time.

uvicorn's protocols, with what they leave open. What stays open here, too: a body that comes drop by
drop may take for ever (a proxy in front bounds that), and a connection costs a file until it is
closed, so the server takes as many of those as it may have.
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
MOST_FRAGMENTS = 100  # of one message; a viewer's have one


class HTTP(H11Protocol):
    """uvicorn's HTTP protocol, which closes a connection on which no request comes in time.

    uvicorn does so only between two requests, and only until the next one's first byte.
    """

    deadline: asyncio.TimerHandle

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self.expect_request()

    def on_response_complete(self) -> None:
        """Wait for the next one."""
        self.deadline.cancel()
        self.expect_request()
        super().on_response_complete()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Leave the connection to the WebSocket."""
        self.deadline.cancel()
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self.deadline.cancel()
        super().connection_lost(exc)

    def expect_request(self) -> None:
        """Close the connection if no request is being answered in a while."""
        self.deadline = self.loop.call_later(REQUEST_SECONDS, self.close_if_idle)

    def close_if_idle(self) -> None:
        """Close the connection unless a request is being answered; after that one we wait anew."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.abort()


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


class WebSocket(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol with four things more.

    The kernel holds back at most ``buffer_bytes`` for a viewer that reads slowly: beyond that its
    frames would be old. The application can cut off a viewer that reads nothing: closing politely
    would wait behind what is not being read. What it sends to many is made into bytes once, and
    given to each connection as it is: that is most of what two hundred viewers cost. And a viewer
    who says too much is read slowly: then their own machine has to wait, not ours.
    """

    buffer_bytes: int
    stall_seconds: float

    def handle_connect(self, event: Request) -> None:
        """Answer the request for a socket."""
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
        """Let go of what refers to this connection, so that its memory is free at once."""
        super().connection_lost(exc)
        if hasattr(self, "scope"):  # else it was no request for a socket
            self.scope.pop("extensions", None)

    def data_received(self, data: bytes) -> None:
        """Take in what came, and no more for a moment."""
        try:
            super().data_received(data)
        except InvalidState:  # no UTF-8, and a goodbye right behind it: uvicorn would say one, too
            self.transport.close()
        self.transport.pause_reading()
        self.loop.call_later(1 / READS_PER_SECOND, self.read_on)

    def read_on(self) -> None:
        """Read again, unless the application has yet to take what was read."""
        if not self.read_paused:
            self.transport.resume_reading()

    def handle_ping(self) -> None:
        """Answer a ping; not of one who reads no answers: those would fill the memory."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()

    def handle_cont(self, event: Frame) -> None:
        """Take in a fragment of a message, if those before it were not too many."""
        super().handle_cont(event)
        if len(self.frames) > MOST_FRAGMENTS:
            self.cut_off()

    def send_now(self, messages: tuple[str | bytes, ...]) -> None:
        """Send messages, whether or not the viewer has read those before."""
        # Once the viewer has left, or was told to, the application will hear of it.
        if not (self.disconnected or self.close_sent or self.transport.is_closing()):
            self.transport.write(on_the_wire(messages))

    def cut_off(self) -> None:
        """Close the connection at once."""
        reset_on_close(self.transport.get_extra_info("socket"))
        self.transport.abort()


def websocket_protocol(buffer_bytes: int, stall_seconds: float) -> type[WebSocket]:
    """Return that protocol, with these bounds."""
    bounds = {"buffer_bytes": buffer_bytes, "stall_seconds": stall_seconds}
    return type("BoundedWebSocket", (WebSocket,), bounds)

"""uvicorn's protocols, with limits on what a rude client can cost.

Not limited here: how long a body may take, and the number of connections, each of which is an open
file (the server raises that limit).
"""

import asyncio
import contextlib
from collections import deque
from functools import lru_cache
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState
from websockets.frames import Frame, Opcode
from websockets.http11 import Request

from app.log import log
from app.operating_system import limit_socket_buffers, limit_unacknowledged, reset_on_close

REQUEST_SECONDS = 10  # within which a request's headers must have come
READS_PER_SECOND = 20  # of one viewer
READ_BYTES = 8 * 2**10  # what the kernel may hold of what a viewer says, which is one read
PIECE_BYTES = 2**16  # that are given to the transport at a time
MOST_FRAGMENTS = 100  # of one message; those of our page have one
FEED_BYTES = 4 * 2**10  # that are parsed at a time, where there may be a chunk every few bytes
SMALL_READ = 256  # bytes: less than a packet has
FEW_SMALL_READS = 20  # of a request
PAUSE_SECONDS = 0.02  # between two reads of a request that comes in small pieces
FEW_CHUNKS = 200  # of a body; with more, they must have
CHUNK_BYTES = 16  # on average


class Connection(h11.Connection):
    """h11's connection, which counts the chunks of a body: a small one costs as much as a large."""

    chunks = 0
    chunk_bytes = 0

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        event = super().next_event()
        if isinstance(event, h11.Request):
            self.chunks = self.chunk_bytes = 0
        elif isinstance(event, h11.Data):
            self.chunks += event.chunk_end
            self.chunk_bytes += len(event.data)
        return event

    def brings_dust(self) -> bool:
        """Return whether the body's chunks are so small that nobody means them."""
        return self.chunks > max(FEW_CHUNKS, self.chunk_bytes // CHUNK_BYTES)


class HTTP(H11Protocol):
    """uvicorn's HTTP protocol with three additions.

    - A connection is closed on which no request comes in time. uvicorn does so only between two
      requests, and only until the next one's first byte.
    - An answer may take as long as it likes, as long as some of it is taken: the kernel ends a
      connection on which nothing is for ``stall_seconds``.
    - A body that comes in dust is joined before it is looked at, or refused: one byte in a chunk or
      in a packet of its own costs as much as a thousand.
    """

    stall_seconds: float
    deadline: asyncio.TimerHandle

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.conn: Connection = Connection(h11.SERVER)
        self.held = bytearray()  # what came in and was not parsed yet
        self.small_reads = 0  # of this request
        self.next_feed: asyncio.Handle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        limit_unacknowledged(transport.get_extra_info("socket"), self.stall_seconds)
        self.expect_request()

    def data_received(self, data: bytes) -> None:
        """Take in what came; parse it when its turn comes."""
        self.held += data
        self.small_reads += len(data) < SMALL_READ
        if self.next_feed is None:
            self.feed()

    def feed(self) -> None:
        """Parse what came in: of chunks so much at a time that others need not wait."""
        self.next_feed = None
        if self.transport.is_closing():
            return
        part = bytes(self.held[:FEED_BYTES] if self.may_have_chunks() else self.held)
        del self.held[: len(part)]
        if part:  # nothing would be the end
            super().data_received(part)
        if self.conn.brings_dust():
            log.warning("refused", why="a body in dust", client=self.client)
            self.transport.abort()
        elif self.transport.get_protocol() is not self:  # it is a WebSocket now
            self.transport.resume_reading()
        elif self.held:
            self.transport.pause_reading()
            self.next_feed = self.loop.call_soon(self.feed)
        elif part and self.small_reads > FEW_SMALL_READS:
            self.transport.pause_reading()
            self.next_feed = self.loop.call_later(PAUSE_SECONDS, self.feed)
        elif not self.flow.read_paused:
            self.transport.resume_reading()

    def may_have_chunks(self) -> bool:
        """Return whether what comes next may be a body in chunks: not if its length was told."""
        in_body = self.conn.their_state is h11.SEND_BODY
        return not in_body or any(name == b"transfer-encoding" for name, _ in self.headers)

    def on_response_complete(self) -> None:
        self.small_reads = 0
        self.deadline.cancel()
        self.expect_request()
        super().on_response_complete()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self.deadline.cancel()
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        self.deadline.cancel()
        if self.next_feed:
            self.next_feed.cancel()
        self.held.clear()
        super().connection_lost(exc)

    def expect_request(self) -> None:
        """Close the connection if no request is being answered in a while."""
        self.deadline = self.loop.call_later(REQUEST_SECONDS, self.close_if_idle)

    def close_if_idle(self) -> None:
        """Close the connection unless a request is being answered, or an answer is being taken."""
        if self.transport.get_write_buffer_size():
            self.expect_request()
        elif self.cycle is None or self.cycle.response_complete:
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
    """uvicorn's WebSocket protocol with five additions.

    - The kernel buffers at most ``buffer_bytes`` for a viewer that reads slowly; with more, its
      frames would be old.
    - The application can cut off a viewer that reads nothing. A close message would wait behind
      the data that is not being read.
    - Messages to many viewers are encoded once: most of what two hundred viewers cost.
    - Of a large frame the transport, which copies it, gets a piece at a time: the rest is shared by
      all who take it slowly.
    - A viewer that sends too much is read slowly, so that it has to wait, not the server.
    """

    buffer_bytes: int
    stall_seconds: float

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.unsent: deque[memoryview] = deque()  # while there is something, it is not writable

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
        self.unsent.clear()
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
            self.unsent.append(memoryview(on_the_wire(messages)))
            self.send_on()

    def send_on(self) -> None:
        """Write the next pieces of what is unsent, until the transport has enough."""
        self.writable.set()
        while self.unsent and self.writable.is_set() and not self.transport.is_closing():
            message = self.unsent.popleft()
            if rest := message[PIECE_BYTES:]:
                self.unsent.appendleft(rest)
            self.transport.write(message[:PIECE_BYTES])  # this may call pause_writing
        if self.unsent:
            self.writable.clear()

    def resume_writing(self) -> None:
        self.send_on()

    def send_keepalive_ping(self) -> None:
        """Send a ping, unless it would come in the middle of a message."""
        if self.unsent:
            self.schedule_ping()
        else:
            super().send_keepalive_ping()

    def cut_off(self) -> None:
        """Close the connection at once."""
        with contextlib.suppress(OSError):  # it has just been closed
            reset_on_close(self.transport.get_extra_info("socket"))
        self.transport.abort()


def http_protocol(stall_seconds: float) -> type[HTTP]:
    """Return the protocol with this limit."""
    return type("BoundedHTTP", (HTTP,), {"stall_seconds": stall_seconds})


def websocket_protocol(buffer_bytes: int, stall_seconds: float) -> type[WebSocket]:
    """Return the protocol with these limits."""
    bounds = {"buffer_bytes": buffer_bytes, "stall_seconds": stall_seconds}
    return type("BoundedWebSocket", (WebSocket,), bounds)

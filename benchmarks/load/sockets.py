"""WebSockets as light as they can be, for many in one process: ``benchmarks.load``.

The clients share a small machine with the server that they measure. A library's WebSocket would
cost more than the server's own: these look at each message's first bytes and let go of the rest.
"""

import os
import socket
from base64 import b64encode
from collections.abc import Callable
from urllib.parse import urlsplit

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
TWO_BYTES_MORE, EIGHT_BYTES_MORE = 126, 127  # in place of a length: it comes next
EXTRA_LENGTH = {TWO_BYTES_MORE: 2, EIGHT_BYTES_MORE: 8}
HEAD_BYTES = 512  # of a frame: its metadata stand at its beginning


def handshake(url: str, path: str, cookie: str = "") -> bytes:
    """Return the request that opens a WebSocket."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {urlsplit(url).netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {b64encode(os.urandom(16)).decode()}",
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def open_socket(url: str, path: str, cookie: str = "", receive_buffer: int = 0) -> socket.socket:
    """Return a connection on which the handshake has been sent, its answer not yet read."""
    address = urlsplit(url)
    sock = socket.socket()
    if receive_buffer:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    sock.settimeout(30)
    sock.connect((address.hostname, address.port))
    sock.sendall(handshake(url, path, cookie))
    return sock


def masked(opcode: int, payload: bytes) -> bytes:
    """Return a short message on the wire. A mask of zeros changes nothing, and is one."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < TWO_BYTES_MORE else b"\xfe" + size.to_bytes(2, "big")
    return bytes([0x80 | opcode]) + length + bytes(4) + payload


class Messages:
    """Cuts what a server sends into messages: ``on_message(opcode, what it begins with)``."""

    def __init__(self, on_message: Callable[[int, bytes], None]) -> None:
        self._on_message = on_message
        self._http = True  # the answer to the handshake comes first
        self._start = b""  # of a header that is not complete yet
        self._opcode = 0
        self._head = b""
        self._left = 0  # bytes of the payload that are to come

    def feed(self, data: memoryview) -> None:
        """Take in what has come. Raises ConnectionError if the server refused."""
        if self._http or self._start:
            data = memoryview(self._start + data)
            self._start = b""
        if self._http:
            answer, end, _ = bytes(data).partition(b"\r\n\r\n")
            if not end:
                self._start = answer
                return
            if not answer.startswith(b"HTTP/1.1 101"):
                raise ConnectionError(answer.split(b"\r\n")[0].decode())
            self._http = False
            data = data[len(answer) + 4 :]
        while data:
            if not self._left:
                extra = EXTRA_LENGTH.get(data[1], 0) if len(data) > 1 else 0
                if len(data) < 2 + extra:
                    self._start = bytes(data)
                    return
                self._opcode = data[0] & 15
                self._left = int.from_bytes(data[2 : 2 + extra], "big") if extra else data[1]
                self._head = b""
                data = data[2 + extra :]
            part = data[: self._left]
            if self._opcode != BINARY or len(self._head) < HEAD_BYTES:
                self._head += part[:HEAD_BYTES] if self._opcode == BINARY else part
            self._left -= len(part)
            data = data[len(part) :]
            if not self._left:
                self._on_message(self._opcode, self._head)

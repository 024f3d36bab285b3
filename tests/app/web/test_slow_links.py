"""Slow but honest links: an answer may take long, as long as some of it is taken."""

import socket
import time
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

from app.web.frontend import PLOTLY
from tests.server_thread import StartServer
from tests.servers import PATIENCE, Server, wait_until

REQUEST = b"GET /static/vendor/plotly.min.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"  # five megabytes


def asks(server: Server) -> socket.socket:
    """Return a connection on which much was asked for, by somebody who takes little at a time."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**14)
    sock.settimeout(PATIENCE)
    sock.connect(("127.0.0.1", server.port))
    sock.sendall(REQUEST)
    return sock


@patch("app.web.protocols.REQUEST_SECONDS", 0.2)
def test_a_slow_download_arrives_whole(start_server: StartServer) -> None:
    size = PLOTLY.stat().st_size
    with closing(asks(start_server())) as slow:
        head, _, body = slow.recv(2**12).partition(b"\r\n\r\n")
        assert f"content-length: {size}".encode() in head.lower()
        taken, began = len(body), time.monotonic()
        while taken < size:
            # Five times as long as a connection may be idle, then as fast as it goes.
            if time.monotonic() - began < 1:
                time.sleep(0.01)
            piece = slow.recv(2**12)
            assert piece, f"it was cut off after {taken} of {size} bytes"
            taken += len(piece)


def test_an_answer_that_nobody_takes_is_dropped(start_server: StartServer) -> None:
    server = start_server(download_stall_seconds=0.5)
    with closing(asks(server)) as rude:
        assert is_open(server, rude)
        wait_until(lambda: not is_open(server, rude), "the server drops it")


def is_open(server: Server, client: socket.socket) -> bool:
    """Return whether the server's side of a connection is there. The other side is not told."""
    pair = f"0100007F:{server.port:04X} 0100007F:{client.getsockname()[1]:04X} "
    return pair in Path("/proc/net/tcp").read_text()

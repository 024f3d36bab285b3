import resource
import socket
import time
from contextlib import closing, suppress
from pathlib import Path
from unittest.mock import patch

import pytest
from websockets.sync.client import connect

from app.operating_system import MAX_FILES
from tests.app.clients import Client, Watcher
from tests.server_process import ServerProcess
from tests.server_thread import StartServer
from tests.servers import PATIENCE, Server

CONTINUED, TEXT, CLOSE, PING = 0x0, 0x1, 0x8, 0x9  # what a WebSocket frame is
MUCH = 2**22  # bytes


def resident(server: ServerProcess) -> int:
    """Return the bytes of memory that the server has."""
    status = Path(f"/proc/{server.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


@patch("app.web.protocols.REQUEST_SECONDS", 0.5)
def test_a_connection_without_a_request_is_closed(start_server: StartServer) -> None:
    address = ("127.0.0.1", start_server().port)
    with (
        closing(socket.create_connection(address, PATIENCE)) as silent,
        closing(socket.create_connection(address, PATIENCE)) as slow,
    ):
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert ends(silent)
        assert ends(slow)


def test_the_server_may_have_as_many_files_as_the_machine_lets_it(measured: ServerProcess) -> None:
    limits = Path(f"/proc/{measured.pid}/limits").read_text()
    line = next(line for line in limits.splitlines() if line.startswith("Max open files"))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert int(line.split()[3]) == min(most, MAX_FILES)


@pytest.mark.parametrize("opcode", [TEXT, PING])
def test_a_flood_hurts_nobody_but_its_sender(measured: ServerProcess, opcode: int) -> None:
    server = measured
    before = resident(server)
    with closing(upgraded(("127.0.0.1", server.port))) as rude:
        said = push(rude, frame(opcode, b"nonsense" * 10) * 1000)
        assert said < MUCH / 2  # they have to wait
        with Client(base_url=server.url, timeout=PATIENCE) as client:
            assert client.get("/api/health").status_code == 200
        watcher = Watcher(server, "pretrained")
        watcher.until("hello")
        watcher.close()
        assert resident(server) - before < 20 * 2**20


def test_a_message_of_endless_fragments_ends_only_its_own_socket(server: Server) -> None:
    with closing(upgraded(("127.0.0.1", server.port))) as rude:
        rude.settimeout(PATIENCE)
        rude.sendall(frame(TEXT, b"", last=False) + frame(CONTINUED, b"", last=False) * 1000)
        assert ends(rude)
    with connect(f"ws://127.0.0.1:{server.port}/api/runs/pretrained/live") as other:
        assert "hello" in str(other.recv(PATIENCE))


def test_what_is_no_text_and_then_a_goodbye_ends_only_its_own_socket(
    start_server: StartServer, caplog: pytest.LogCaptureFixture, expected_errors: list[str]
) -> None:
    expected_errors.append("Invalid UTF-8 sequence")
    server = start_server()
    with closing(upgraded(("127.0.0.1", server.port))) as rude:
        rude.settimeout(PATIENCE)
        rude.sendall(frame(TEXT, b"\xff") + frame(CLOSE, b""))
        assert ends(rude)
    server.stop()
    assert "InvalidState" not in caplog.text


def upgraded(address: tuple[str, int]) -> socket.socket:
    """Return a WebSocket's bare connection."""
    sock = socket.create_connection(address, PATIENCE)
    sock.sendall(
        b"GET /api/runs/pretrained/live HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    assert b" 101 " in sock.recv(64)
    return sock


def frame(opcode: int, content: bytes, *, last: bool = True) -> bytes:
    """Return a short WebSocket frame, masked with zeros."""
    return bytes([last << 7 | opcode, 0x80 | len(content), 0, 0, 0, 0]) + content


def push(sock: socket.socket, data: bytes) -> int:
    """Send much for two seconds; return how many bytes were taken."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**16)
    sock.settimeout(0.5)
    sent, end = 0, time.monotonic() + 2
    while sent < MUCH and time.monotonic() < end:
        with suppress(TimeoutError):
            sent += sock.send(data[sent % len(data) :])  # no frame is broken
    return sent


def ends(sock: socket.socket) -> bool:
    """Return True once the connection has ended."""
    with suppress(ConnectionResetError):
        while sock.recv(2**16):
            pass
    return True

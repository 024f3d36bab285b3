"""Viewers who say nonsense, read nothing or never finish: they hurt nobody but themselves."""

import re
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from tests.app.clients import Client, Watch, Watcher
from tests.app.routes.test_live import epochs_of, watch_to_the_end
from tests.server_process import StartProcess
from tests.server_thread import StartServer
from tests.servers import PATIENCE, Server


@pytest.mark.parametrize(
    "message",
    [
        "",
        "hello",
        "{",
        "[]",
        "null",
        '{"type": "watsch"}',
        '{"type": "watch", "frames_per_second": 31}',
        '{"type": "watch", "frames_per_second": -1}',
        '{"type": "watch", "frames_per_second": NaN}',
        '{"type": "watch", "frames_per_second": "10"}',
        '{"type": "watch", "tensors": "biases"}',
        '{"type": "watch", "speed": 1}',
        "[" * 5000,
    ],
)
def test_what_nobody_understands_closes_nothing(endless: str, watch: Watch, message: str) -> None:
    watcher = watch(endless)
    watcher.say(message)
    assert watcher.until("error")[-1]["detail"]
    assert watcher.until("epoch")


@given(message=st.text() | st.binary())
def test_no_message_breaks_the_socket(watch: Watch, message: str | bytes) -> None:
    watcher = watch("pretrained")
    watcher.socket.send(message)
    assert watcher.until("error")[-1]["detail"]
    watcher.close()


def test_a_message_that_is_too_long_ends_only_its_own_socket(endless: str, watch: Watch) -> None:
    rude, polite = watch(endless), watch(endless)
    rude.say("x" * 1_000_000)
    with pytest.raises(ConnectionClosed):
        rude.until("never")
    assert polite.until("epoch")


class SilentViewer:
    """A viewer of a run, or of a sweep, that shakes hands, then never reads its socket."""

    def __init__(self, server: Server, run: str, of: str = "runs") -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", server.port))
        here = self.socket.getsockname()[1]
        self.servers_end = re.compile(rf"\w+:{server.port:04X} \w+:{here:04X} ")
        self.socket.sendall(
            f"GET /api/{of}/{run}/live HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )

    def close(self) -> None:
        """Leave."""
        self.socket.close()

    def wait_until_cut_off(self) -> None:
        """Return once the server's end of the connection is gone, without reading from it.

        This end may not know: a kernel that gives up on a client that takes nothing sends no reset.
        """
        deadline = time.monotonic() + PATIENCE
        while self.servers_end.search(Path("/proc/net/tcp").read_text()):
            assert time.monotonic() < deadline, "it was never cut off"
            time.sleep(0.1)


def resident_bytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096


def test_one_viewer_who_never_reads_disturbs_nobody(start_process: StartProcess) -> None:
    server = start_process(viewer_stall_seconds=2)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(epochs=None, hidden=[64], train_examples=320, steps_per_second=500)
        Watcher(server, run).until("epoch")
        before = resident_bytes(server.pid)
        silent = SilentViewer(server, run)
        watchers = [Watcher(server, run) for _ in range(9)]
        with ThreadPoolExecutor(9) as threads:
            watching = [threads.submit(watch_to_the_end, watcher) for watcher in watchers]
            silent.wait_until_cut_off()
            silent.close()
            grown = resident_bytes(server.pid) - before
            client.command(run, "stop")
            seen = [future.result(PATIENCE) for future in watching]

        last = client.get(f"/api/runs/{run}").json()["epoch"]
        assert seen == [list(range(1, last + 1))] * 9
        assert grown < 32 * 2**20
        # And it catches up when it returns.
        returned = Watcher(server, run, "?after=1").receive()
        assert isinstance(returned, dict)
        assert epochs_of([returned]) == list(range(2, last + 1))


def test_nobody_keeps_a_socket_by_reading_nothing(start_server: StartServer) -> None:
    """Also where nothing more is to be sent, which would show that nothing is taken."""
    server = start_server(viewer_stall_seconds=2, socket_buffer_bytes=4096)
    silent = SilentViewer(server, "pretrained-large")
    silent.socket.recv(1)  # the server has it now
    silent.wait_until_cut_off()
    silent.close()


def test_half_a_handshake_harms_nobody(server: Server, endless: str, watch: Watch) -> None:
    for rudeness in (b"GET /api/runs/", b"\x81\xff" * 99, b"GET /api/runs/x/live HTTP/1.1\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", server.port)) as rude:
            rude.sendall(rudeness)
            # Leave with a reset instead of a goodbye.
            rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert watch(endless).until("epoch")

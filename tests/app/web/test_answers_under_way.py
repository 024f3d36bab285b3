"""Large answers that are taken slowly: only so many at once, and only the next piece is copied."""

import os
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.app.clients import Client, Watcher
from tests.app.drawings import drawing
from tests.app.routes.test_live_rude_viewers import SilentViewer, resident_bytes
from tests.server_process import ServerProcess
from tests.server_thread import ServerThread, StartServer
from tests.servers import PATIENCE, wait_until

WIDE = {"hidden": [1400], "epochs": 1, "train_examples": 64}  # 4.5 MB
MIB = 2**20


class SlowTaker:
    """Somebody who asks for much and takes the first bytes of it only."""

    def __init__(self, port: int, path: str, cookie: str = "", address: str = "") -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", port))
        headers = f"Cookie: {cookie}\r\nX-Forwarded-For: {address}\r\n"
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode())

    def status(self) -> int:
        """Return the answer's status."""
        return int(self.socket.recv(12).split()[1])

    def close(self) -> None:
        """Leave."""
        self.socket.close()


def wide_run(client: Client) -> str:
    """Return a run of a wide network that has ended."""
    run = client.run(**WIDE)
    wait_until(
        lambda: client.get(f"/api/runs/{run}").json()["status"] == "finished", "it is trained"
    )
    return run


def cookie_of(client: Client) -> str:
    """Return the header that says which visitor this is."""
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


@pytest.fixture
def narrow(start_server: StartServer) -> ServerThread:
    """Return a server with room for two large answers to a visitor, and three to an address."""
    return start_server(max_outgoing_mib_per_visitor=10, max_outgoing_mib_per_address=14)


@pytest.mark.parametrize("what", ["{run}/checkpoint", "export"])
def test_a_visitor_is_sent_only_so_much_at_once(narrow: ServerThread, what: str) -> None:
    with ExitStack() as stack:
        client = stack.enter_context(Client(base_url=narrow.url))
        path = "/api/runs/" + what.format(run=wide_run(client))

        def take(address: str = "10.0.0.1", cookie: str = cookie_of(client)) -> SlowTaker:
            return stack.enter_context(closing(SlowTaker(narrow.port, path, cookie, address)))

        takers = []
        while (taker := take()).status() == 200:
            takers.append(taker)
            assert len(takers) <= 2
        assert takers
        assert client.get("/api/runs").status_code == 200  # what is small is sent

        for taker in takers:
            taker.close()
        wait_until(lambda: take().status() == 200, "there is room again")


def test_an_address_is_sent_only_so_much_at_once(narrow: ServerThread) -> None:
    with ExitStack() as stack:
        client = stack.enter_context(Client(base_url=narrow.url))
        path = f"/api/runs/{wide_run(client)}/checkpoint"

        def take(address: str) -> int:
            other = stack.enter_context(Client(base_url=narrow.url))
            other.get("/api/visitor")
            taker = SlowTaker(narrow.port, path, cookie_of(other), address)
            return stack.enter_context(closing(taker)).status()

        assert [take("10.0.0.1") for _ in range(4)] == [200, 200, 200, 429]
        assert take("10.0.0.2") == 200


def test_an_export_under_way_is_in_the_store(narrow: ServerThread) -> None:
    """Where temporary files are in memory, it would fill that."""
    with Client(base_url=narrow.url) as client:
        wide_run(client)
        path = "/api/runs/export"
        with closing(SlowTaker(narrow.port, path, cookie_of(client))) as taker:
            assert taker.status() == 200
            scratch = str(narrow.app.state.store.scratch)
            files = [os.path.realpath(fd) for fd in Path("/proc/self/fd").iterdir()]
            assert any(file.startswith(scratch) for file in files)


def test_slow_viewers_share_a_large_frame(measured: ServerProcess) -> None:
    with Client(base_url=measured.url) as client:
        run = wide_run(client)
        Watcher(measured, run).frame()  # it is in memory now
        before = resident_bytes(measured.pid)
        with ExitStack() as stack:
            for _ in range(30):
                viewer = stack.enter_context(closing(SilentViewer(measured, run)))
                viewer.socket.recv(1)  # it was sent something
            assert resident_bytes(measured.pid) - before < 30 * MIB  # a copy for each: 130


def test_many_who_read_with_a_large_network_share_it(measured: ServerProcess) -> None:
    with Client(base_url=measured.url) as client, ThreadPoolExecutor(30) as threads:
        run = wide_run(client)

        def read(_: int) -> int:
            png = {"Content-Type": "image/png"}
            answer = client.post(f"/api/runs/{run}/predict", content=drawing(), headers=png)
            return answer.status_code

        read(0)
        Path(f"/proc/{measured.pid}/clear_refs").write_text("5")  # the peak is what it has now
        before = resident_bytes(measured.pid)
        assert list(threads.map(read, range(30))) == [200] * 30
        assert peak_bytes(measured.pid) - before < 60 * MIB  # one for each: 200


def test_who_waits_to_measure_a_large_network_holds_none(measured: ServerProcess) -> None:
    with Client(base_url=measured.url) as client, ThreadPoolExecutor(30) as threads:
        run = wide_run(client)

        def measure(_: int) -> int:
            return client.get(f"/api/runs/{run}/descent").status_code

        Path(f"/proc/{measured.pid}/clear_refs").write_text("5")  # the peak is what it has now
        measure(0)
        alone = peak_bytes(measured.pid)
        assert list(threads.map(measure, range(30))) == [200] * 30
        assert peak_bytes(measured.pid) - alone < 60 * MIB  # one for each: 130


def peak_bytes(pid: int) -> int:
    """Return the most memory that a process has had."""
    status = Path(f"/proc/{pid}/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) * 1024


def test_a_large_frame_in_pieces_arrives_whole(measured: ServerProcess) -> None:
    with Client(base_url=measured.url) as client:
        run = wide_run(client)
        frame = client.get(f"/api/runs/{run}/frame").content
        assert Watcher(measured, run).frame() == frame

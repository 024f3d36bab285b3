"""What the tests share: real servers in processes of their own."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0  # seconds until a test gives up on something that should have happened


class Server:
    """A server process on a port of this machine."""

    def __init__(self, port: int | None, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve", "--port", str(port or 0)],
            cwd=ROOT,
            env={**os.environ, **environment},
            stderr=subprocess.PIPE,
            text=True,
        )
        self.log: list[str] = []
        self._ports: Queue[int] = Queue()
        threading.Thread(target=self._read_log, daemon=True).start()
        try:
            self.port = self._ports.get(timeout=PATIENCE)
        except Empty:
            self.kill()
            pytest.fail("the server did not start:\n" + "".join(self.log))
        self.url = f"http://127.0.0.1:{self.port}"

    def _read_log(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.append(line)
            if match := re.search(r"running on http://[\d.]+:(\d+)", line):
                self._ports.put(int(match[1]))

    def stop(self) -> int:
        """End the server politely; return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End the server at once."""
        self.process.kill()
        self.process.wait(PATIENCE)


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache directory that no other test run has touched."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def start_server(cache_dir: Path) -> Iterator[Callable[..., Server]]:
    """Start servers with settings of their own: ``start_server(NUDGE_MAX_RUNS="3")``."""
    servers: list[Server] = []

    def start(port: int | None = None, **environment: str) -> Server:
        servers.append(Server(port, {"NUDGE_CACHE_DIR": str(cache_dir), **environment}))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture(scope="session")
def server(cache_dir: Path) -> Iterator[Server]:
    """Return the server that tests share which need no settings of their own."""
    server = Server(None, {"NUDGE_CACHE_DIR": str(cache_dir), "NUDGE_MAX_LIVE_RUNS": "100"})
    yield server
    server.stop()

"""What all tests share: real servers in processes of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.server_process import Server

# A slow machine is no failure.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache directory that no other test run has touched."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def start_server(cache_dir: Path, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start servers with settings of their own: ``start_server(NUDGE_MAX_RUNS="3")``.

    One that is started after another has ended finds the runs of that one.
    """
    servers: list[Server] = []

    def start(port: int | None = None, **environment: str) -> Server:
        folders = {
            "NUDGE_CACHE_DIR": str(cache_dir),
            "NUDGE_STORE_DIR": str(tmp_path / "store"),
        }
        servers.append(Server(port, folders | environment))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture(scope="session")
def server(cache_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return the server that tests share which need no settings of their own."""
    environment = {
        "NUDGE_CACHE_DIR": str(cache_dir),
        "NUDGE_STORE_DIR": str(tmp_path_factory.mktemp("store")),
        "NUDGE_MAX_LIVE_RUNS": "100",
        "NUDGE_MAX_LIVE_RUNS_PER_VISITOR": "100",
        "NUDGE_PAUSED_WORKER_SECONDS": "10",  # many tests leave a paused run behind
    }
    server = Server(None, environment)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def mnist_data_dir() -> Path:
    """Return the directory with MNIST's four files, beside the checkout; skip where it is not."""
    data_dir = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not (data_dir / "mnist").is_dir():
        pytest.skip("MNIST's four files are not in ../shared/data/mnist")
    return data_dir

"""Clients of the shared server."""

import functools
from collections.abc import Iterator

import pytest

from tests.app.clients import ENDLESS, Client, Watch, Watcher
from tests.server_process import ServerProcess, StartProcess
from tests.server_thread import StartServer
from tests.servers import PATIENCE, Server


@pytest.fixture
def viewers_leave() -> Iterator[None]:
    """Those who came to watch during a test leave at its end.

    A server that stops would wait for those who no longer read what it says.
    """
    before = set(Watcher.watching)
    yield
    for watcher in Watcher.watching - before:
        watcher.close()


@pytest.fixture
def start_server(start_server: StartServer, viewers_leave: None) -> StartServer:  # noqa: ARG001
    """Start servers as everywhere; whoever watches leaves before they stop."""
    return start_server


@pytest.fixture
def start_process(start_process: StartProcess, viewers_leave: None) -> StartProcess:  # noqa: ARG001
    """Start servers as everywhere; whoever watches leaves before they stop."""
    return start_process


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    """Return a client of the shared server; the runs that a test started are deleted after it."""
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        before = {run["id"] for run in client.get("/api/runs").json()}
        yield client
        for run in client.get("/api/runs").json():
            if run["id"] not in before:
                client.delete(f"/api/runs/{run['id']}")


@pytest.fixture(scope="module")
def owner(server: Server) -> Iterator[Client]:
    """Return the owner of the ``endless`` run."""
    with Client(base_url=server.url, timeout=PATIENCE) as owner:
        yield owner


@pytest.fixture(scope="module")
def endless(owner: Client) -> Iterator[str]:
    """Return a run that a module's tests share which neither change nor stop it."""
    run = owner.run(**ENDLESS)
    yield run
    owner.delete(f"/api/runs/{run}")


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Return a server process that tests share which measure its memory."""
    folder = tmp_path_factory.mktemp("measured")
    server = ServerProcess(0, {"store_dir": folder / "store", "cache_dir": folder / "cache"})
    yield server
    server.stop()


@pytest.fixture
def watch(server: Server, viewers_leave: None) -> Watch:  # noqa: ARG001
    """Watch runs of the shared server: ``watch(run)``."""
    return functools.partial(Watcher, server)

"""Clients of the shared server."""

from collections.abc import Iterator

import pytest

from tests.app.clients import Client, Watch, Watcher
from tests.server_process import PATIENCE, Server


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    """Return a client of the shared server; the runs that a test started are deleted after it."""
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        before = {run["id"] for run in client.get("/api/runs").json()}
        yield client
        for run in client.get("/api/runs").json():
            if run["id"] not in before:
                client.delete(f"/api/runs/{run['id']}")


@pytest.fixture
def watch(server: Server) -> Iterator[Watch]:
    """Watch runs of the shared server: ``watch(run)``."""
    watchers: list[Watcher] = []

    def start(run: str, query: str = "") -> Watcher:
        watchers.append(Watcher(server, run, query))
        return watchers[-1]

    yield start
    for watcher in watchers:
        watcher.close()

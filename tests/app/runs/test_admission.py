"""Imports of long runs: nobody waits for them, and they come whole or not at all."""

import sqlite3
import threading
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest

from tests.app.clients import Client
from tests.app.runs.archives import long_run, packed, run_of
from tests.server_process import StartProcess
from tests.server_thread import StartServer
from tests.servers import PATIENCE, wait_until
from tests.watchdog import watched_loops

MOST = 0.1  # seconds of processor that the event loop may take at a time


def test_a_long_run_is_taken_in_and_deleted_while_others_are_answered(
    start_server: StartServer, tmp_path: Path
) -> None:
    with watched_loops() as watchdog:
        server = start_server()
        with Client(base_url=server.url) as client:
            client.post("/api/runs/import", content=packed(run_of()))  # all is imported
            watchdog.longest = 0
            answer = client.post("/api/runs/import", content=packed(long_run(20_000)))
            (run,) = answer.json()
            assert (run["epoch"], run["status"]) == (20_000, "finished")
            assert len(client.get(f"/api/runs/{run['id']}/epochs").json()) == 20_000
            assert client.get("/api/runs/export").status_code == 200
            assert client.delete(f"/api/runs/{run['id']}").status_code == 204
            wait_until(lambda: not rows(tmp_path / "store", run["id"]), "its rows are removed")
    assert watchdog.longest < MOST, watchdog.what


def test_what_is_exported_of_a_long_run_can_be_imported(start_server: StartServer) -> None:
    archive = packed(long_run(3000), run_of())
    with Client(base_url=start_server().url) as client:
        client.post("/api/runs/import", content=archive)
        exported = client.get("/api/runs/export").content
        assert client.post("/api/runs/import", content=exported).status_code == 201
        first, _, third, _ = [run for run in client.get("/api/runs").json() if run["yours"]]
        kept = [client.get(f"/api/runs/{run['id']}/epochs").content for run in (first, third)]
        assert kept[0] == kept[1]


def test_more_changes_than_are_kept_are_refused_at_once(start_server: StartServer) -> None:
    change = {"step": 1, "content": {"type": "change", "values": {"learning_rate": 0.5}}}
    with watched_loops() as watchdog, Client(base_url=start_server().url) as client:
        answer = client.post("/api/runs/import", content=packed(run_of(commands=[change] * 8000)))
        assert answer.status_code == 422
        assert "2,000 commands are allowed" in answer.text
        few = packed(run_of(commands=[change] * 2000))
        watchdog.longest = 0
        assert client.post("/api/runs/import", content=few).status_code == 201
    assert watchdog.longest < MOST, watchdog.what


@pytest.mark.parametrize("kill", [True, False])
def test_of_an_import_that_is_cut_off_nothing_is_left(
    start_process: StartProcess, tmp_path: Path, *, kill: bool
) -> None:
    server = start_process()
    archive = packed(*[run_of(epochs=1)] * 5, long_run(60_000), *[run_of(epochs=1)] * 5)

    def send() -> None:
        with Client(base_url=server.url) as client, suppress(httpx.HTTPError):
            client.post("/api/runs/import", content=archive)

    sending = threading.Thread(target=send)
    sending.start()
    store = tmp_path / "store"
    wait_until(lambda: len(list(store.glob("checkpoints/.incoming-*"))) >= 6, "six are staged")
    if kill:
        server.kill()
    else:
        server.stop()
    sending.join()
    server = start_process()
    with Client(base_url=server.url) as client:
        assert len(client.get("/metrics").text.splitlines()) > 1
    server.stop()
    assert rows(store) == 0
    assert list(store.glob("checkpoints/*")) == []
    assert list(store.glob(".nudge-scratch/*")) == []


def rows(store: Path, run: str = "%") -> int:
    """Return how many rows the database has of a run."""
    with closing(sqlite3.connect(store / "nudge.sqlite", timeout=PATIENCE)) as database:
        counts = [
            database.execute(f"SELECT count(*) FROM {table} WHERE {column} LIKE ?", (run,))
            for table, column in (("runs", "id"), ("events", "run"), ("commands", "run"))
        ]
        return sum(count for cursor in counts for (count,) in cursor)

"""Runs are taken to another server: exported as a zip, and imported."""

import io
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.runs.archive import EpochsInDatabase
from tests.app.clients import Client, Watch, Watcher
from tests.app.runs.archives import packed as archive_of
from tests.app.runs.archives import run_of, zipped
from tests.server_thread import StartServer
from tests.servers import PATIENCE, Server


@pytest.fixture
def elsewhere(start_server: StartServer) -> Iterator[Client]:
    """Return a client of another server."""
    server = start_server(max_import_bytes=1000000)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        yield client


def test_runs_go_on_elsewhere_as_they_would_have_gone_on_here(
    client: Client, watch: Watch, elsewhere: Client
) -> None:
    run = client.run(epochs=3, optimizer="momentum", train_examples=500)
    client.patch(f"/api/runs/{run}", json={"name": "to take home"})
    watch(run).until_status("finished")
    exported = client.get("/api/runs/export")
    assert exported.headers["content-type"] == "application/zip"
    assert int(exported.headers["content-length"]) == len(exported.content)

    response = elsewhere.post("/api/runs/import", content=exported.content)
    assert response.status_code == 201, response.text
    copy = next(found for found in response.json() if found["name"] == "to take home")
    assert copy["id"] != run
    assert copy["yours"] is True
    kept = ("status", "spec", "parameters", "epoch", "step", "created")
    original = client.get(f"/api/runs/{run}").json()
    assert [copy[name] for name in kept] == [original[name] for name in kept]
    for what in ("epochs", "epochs?format=csv", "checkpoints", "checkpoint", "checkpoint?epoch=1"):
        here = client.get(f"/api/runs/{run}/{what}").content
        assert elsewhere.get(f"/api/runs/{copy['id']}/{what}").content == here

    for server, id_there in ((client, run), (elsewhere, copy["id"])):
        server.patch(f"/api/runs/{id_there}", json={"epochs": 5})
        server.command(id_there, "resume")
    watch(run).until_status("finished")
    while elsewhere.get(f"/api/runs/{copy['id']}").json()["status"] == "training":
        pass
    here = client.get(f"/api/runs/{run}/checkpoint?epoch=5").content
    assert elsewhere.get(f"/api/runs/{copy['id']}/checkpoint?epoch=5").content == here


def test_the_best_of_an_imported_run_stays_the_best(
    client: Client, watch: Watch, start_server: StartServer
) -> None:
    run = client.run(epochs=1, train_examples=500)
    watch(run).until_status("finished")
    client.patch(f"/api/runs/{run}", json={"epochs": 3, "learning_rate": 0})  # no better than one
    client.command(run, "resume")
    watch(run).until_status("finished")
    exported = client.get("/api/runs/export").content

    server = start_server(kept_checkpoints=2)
    with Client(base_url=server.url) as elsewhere:
        (copy,) = elsewhere.post("/api/runs/import", content=exported).json()
        elsewhere.patch(f"/api/runs/{copy['id']}", json={"epochs": 9})
        elsewhere.command(copy["id"], "resume")
        Watcher(server, copy["id"]).until_status("finished")
        kept = elsewhere.get(f"/api/runs/{copy['id']}/checkpoints").json()
        assert 1 in kept
        assert 3 not in kept


def test_a_run_that_trains_is_exported_and_is_stopped_where_it_comes_to(
    client: Client, watch: Watch, elsewhere: Client
) -> None:
    run = client.run(epochs=None, train_examples=320, steps_per_second=100)
    watcher = watch(run)
    while watcher.until("epoch")[-1]["epoch"] < 3:
        pass
    exported = client.get("/api/runs/export").content
    response = elsewhere.post("/api/runs/import", content=exported)
    assert response.status_code == 201, response.text
    (copy,) = response.json()
    assert (copy["status"], copy["reason"]) == ("stopped", "it was training when it was exported")
    assert copy["epoch"] >= 3
    assert elsewhere.command(copy["id"], "resume")["status"] == "training"


def test_without_runs_the_zip_is_empty_and_can_be_imported(elsewhere: Client) -> None:
    exported = elsewhere.get("/api/runs/export").content
    assert zipfile.ZipFile(io.BytesIO(exported)).namelist() == ["manifest.json"]
    response = elsewhere.post("/api/runs/import", content=exported)
    assert (response.status_code, response.json()) == (201, [])


def test_what_is_no_archive_is_told_at_the_file(client: Client) -> None:
    response = client.post("/api/runs/import", content=zipped({"../evil": b""}))
    assert response.status_code == 422
    (problem,) = response.json()["detail"]
    assert problem["loc"] == ["body", "file"]
    assert "'../evil'" in problem["msg"]


def test_all_runs_are_taken_in_or_none(client: Client) -> None:
    before = client.get("/api/runs").json()
    bad = run_of(checkpoints={0: b"not a checkpoint"})
    response = client.post("/api/runs/import", content=archive_of(run_of(), bad))
    assert response.status_code == 422
    assert "runs/0002/checkpoints/0.safetensors" in response.json()["detail"][0]["msg"]
    assert client.get("/api/runs").json() == before


def test_a_zip_that_is_too_large_is_refused(elsewhere: Client) -> None:
    response = elsewhere.post("/api/runs/import", content=bytes(1_000_001))
    assert response.status_code == 413
    assert "1,000,000 bytes" in response.json()["detail"]


def test_an_export_is_whole_or_says_that_it_is_not(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is deleted meanwhile has lost its epochs: nobody could import any of the runs."""
    begun, deleted, epochs = threading.Event(), threading.Event(), EpochsInDatabase.__iter__

    def late(run: EpochsInDatabase) -> Iterator[dict[str, Any]]:
        begun.set()
        assert deleted.wait(PATIENCE)
        return epochs(run)

    monkeypatch.setattr(EpochsInDatabase, "__iter__", late)
    with Client(base_url=server.url) as client, ThreadPoolExecutor(1) as threads:
        brought = client.post("/api/runs/import", content=archive_of(run_of(), run_of())).json()
        export = threads.submit(client.get, "/api/runs/export")
        assert begun.wait(PATIENCE)
        assert client.delete(f"/api/runs/{brought[0]['id']}").status_code == 204
        deleted.set()
        assert export.result().status_code == 409
        assert "export them again" in export.result().json()["detail"]
        exported = client.get("/api/runs/export").content
        imported = client.post("/api/runs/import", content=exported)
        assert [run["epoch"] for run in imported.json()] == [2]
        for run in (brought[1], *imported.json()):
            client.delete(f"/api/runs/{run['id']}")

"""A run with very many changes: only the last are kept one by one, and it goes on as it would."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.app.clients import Client, Watcher
from tests.server_thread import ServerThread, StartServer

PACED = {"epochs": None, "train_examples": 320, "steps_per_second": 500, "dropout": 0.1}


def see_an_epoch(server: ServerThread, run: str) -> None:
    """Watch until an epoch is complete, and leave."""
    watcher = Watcher(server, run)
    watcher.until("epoch")
    watcher.close()


def kept_commands(store: Path, run: str) -> list[int]:
    with closing(sqlite3.connect(store / "nudge.sqlite")) as database:
        query = "SELECT number FROM commands WHERE run = ? ORDER BY number"
        return [number for (number,) in database.execute(query, (run,))]


def test_a_run_keeps_a_bounded_number_of_its_changes_and_goes_on(
    start_server: StartServer, tmp_path: Path, expected_errors: list[str]
) -> None:
    server = start_server(max_commands=10)
    store = tmp_path / "store"
    with Client(base_url=server.url) as client:
        run = client.run(**PACED)
        path = f"/api/runs/{run}"
        see_an_epoch(server, run)
        for number in range(100):
            body = {"learning_rate": 0.1 + number / 1000} if number % 2 else {"momentum": 0.5}
            assert client.patch(path, json=body).status_code == 200
        client.post(f"{path}/nudge", json={"index": 1, "amount": 0.5, "apply": True})
        client.command(run, "pause")
        kept = kept_commands(store, run)
        assert len(kept) <= 21
        assert kept == list(range(101 - len(kept), 101))
        before, network = client.get(path).json(), client.get(f"{path}/checkpoint").content
        assert before["spec"]["momentum"] == 0.5
        exported = client.get("/api/runs/export").content
        server.stop()

        server = start_server(max_commands=10)
        client.base_url = server.url
        after = client.get(path).json()
        assert (after["spec"], after["step"]) == (before["spec"], before["step"])
        assert client.get(f"{path}/checkpoint").content == network
        assert client.command(run, "step")["step"] == before["step"] + 1
        stepped = client.get(f"{path}/checkpoint").content

        (copy,) = client.post("/api/runs/import", content=exported).json()
        assert copy["spec"] == before["spec"]
        client.command(copy["id"], "resume")
        client.command(copy["id"], "pause")
        client.command(run, "stop")
        assert stepped != network
        server.stop()

        # Without what it takes to go on it can't be trained again from the start, and says so.
        expected_errors.append("it is damaged")
        (store / "checkpoints" / run / "training.safetensors").write_bytes(b"")
        server = start_server(max_commands=10)
        client.base_url = server.url
        client.post(f"{path}/resume")
        told = Watcher(server, run).until_status("failed")
        assert "only the last are kept" in told["reason"]


def test_a_run_that_has_ended_can_t_be_changed_without_end(start_server: StartServer) -> None:
    server = start_server(max_commands=10)
    with Client(base_url=server.url) as client:
        run = client.run(epochs=1, train_examples=320)
        Watcher(server, run).until_status("finished")
        codes = [
            client.patch(f"/api/runs/{run}", json={"epochs": number}).status_code
            for number in range(2, 25)
        ]
        assert codes == [200] * 20 + [409] * 3
        client.command(run, "resume")
        Watcher(server, run).until_status("finished")


def test_changes_go_on_after_restarts(start_server: StartServer) -> None:
    for _ in range(2):
        server = start_server(max_commands=10)
        with Client(base_url=server.url) as client:
            run = client.run(**PACED)
            for number in range(30):
                client.patch(f"/api/runs/{run}", json={"l2": number / 1000})
            server.stop()
            server = start_server(max_commands=10)
            client.base_url = server.url
            assert client.get(f"/api/runs/{run}").json()["spec"]["l2"] == 0.029
            see_an_epoch(server, run)
            server.stop()

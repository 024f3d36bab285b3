"""Housekeeping: runs that nobody watches, that train for too long, or that are too many."""

from pathlib import Path

import pytest

from tests.app.clients import ENDLESS, Client, Watcher
from tests.clock import Clock
from tests.server_thread import StartServer
from tests.servers import PATIENCE, wait_until, workers_of

MINUTE, DAY = 60.0, 86400.0  # seconds


def test_a_run_that_nobody_watches_is_paused_and_goes_on_when_asked(
    start_server: StartServer,
) -> None:
    clock = Clock()
    server = start_server(clock=clock, idle_pause_minutes=30)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        watched = client.run(**ENDLESS)
        watcher = Watcher(server, watched)
        alone = client.run(**ENDLESS)

        def is_paused() -> bool:  # by the list, which looks at no single run
            states = {run["id"]: run["status"] for run in client.get("/api/runs").json()}
            return states[alone] == "paused"

        watcher.until("hello")
        clock.forward(31 * MINUTE)
        wait_until(is_paused, "the run that nobody watches is paused")
        wait_until(
            lambda: "nobody has watched" in str(client.get(f"/api/runs/{alone}").json()), "why"
        )
        watcher.until("epoch")
        assert client.get(f"/api/runs/{watched}").json()["status"] == "training"
        assert client.command(alone, "resume")["reason"] is None


@pytest.mark.only_process
def test_a_paused_run_gives_its_process_back(start_server: StartServer) -> None:
    clock = Clock()
    server = start_server(clock=clock, paused_worker_seconds=30)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(**ENDLESS)
        Watcher(server, run).until("epoch")
        paused = client.command(run, "pause")
        before = client.get(f"/api/runs/{run}/checkpoint").content
        assert len(workers_of(server)) == 2
        clock.forward(31)
        wait_until(lambda: len(workers_of(server)) == 1, "only the spare is left")
        assert client.get(f"/api/runs/{run}").json() == paused
        assert client.get(f"/api/runs/{run}/checkpoint").content == before
        assert client.command(run, "step")["step"] == paused["step"] + 1
        client.command(run, "resume")
        Watcher(server, run).until("epoch")


def test_a_run_trains_for_so_many_minutes_at_most(start_server: StartServer) -> None:
    server = start_server(max_run_minutes=0.001)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(**ENDLESS)

        def is_stopped() -> bool:
            described = client.get(f"/api/runs/{run}").json()
            return described["status"] == "stopped" and "0.001 minutes" in (
                described["reason"] or ""
            )

        wait_until(is_stopped, "it has trained for so long")


def test_until_stopped_is_so_many_epochs_at_most(start_server: StartServer) -> None:
    server = start_server(max_epochs=3)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(**ENDLESS)
        told = Watcher(server, run).until_status("finished")
        assert told
        assert client.get(f"/api/runs/{run}").json()["epoch"] == 3
        for response in (
            client.post("/api/runs", json={"epochs": 4}),
            client.patch(f"/api/runs/{run}", json={"epochs": 4}),
        ):
            assert response.status_code == 422
            assert response.json()["detail"][0]["loc"] == ["body", "epochs"]


def test_a_run_that_takes_too_much_memory_fails_and_says_so(start_server: StartServer) -> None:
    server = start_server(max_run_memory_mib=512, max_parameters=100000000)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        large = client.run(hidden=[2048] * 12, optimizer="adam")
        told = Watcher(server, large).until_status("failed")
        assert "512 MiB" in told["reason"]
        Watcher(server, client.run(epochs=1)).until_status("finished")


def test_runs_that_nobody_has_looked_at_for_long_are_removed(start_server: StartServer) -> None:
    clock = Clock()
    server = start_server(clock=clock, keep_days=0.01)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(epochs=1)

        def listed() -> dict[str, str]:  # to look at the run itself would keep it
            return {run["id"]: run["status"] for run in client.get("/api/runs").json()}

        wait_until(lambda: listed()[run] == "finished", "it has ended")
        clock.forward(20 * MINUTE)
        wait_until(lambda: run not in listed(), "it is gone")
        assert client.get(f"/api/runs/{run}").status_code == 404


def test_a_clock_that_jumps_makes_no_run_old(start_server: StartServer, tmp_path: Path) -> None:
    clock = Clock()
    server = start_server(clock=clock)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(epochs=1, train_examples=320)
        Watcher(server, run).until_status("finished")
        clock.forward(181 * DAY)
        marks = [client.run(**ENDLESS)]
        clock.forward(61 * MINUTE)  # a look later this one is paused: housekeeping has come by

        def is_paused() -> bool:
            listed = client.get("/api/runs").json()
            return {run["id"]: run["status"] for run in listed}[marks[0]] == "paused"

        wait_until(is_paused, "housekeeping has looked")
        assert run in [known["id"] for known in client.get("/api/runs").json()]
        server.stop()
        server = start_server(clock=clock)  # it has been off for half a year, for all that it knows
        client.base_url = server.url
        clock.forward(1)
        assert run in [known["id"] for known in client.get("/api/runs").json()]
        assert (tmp_path / "store" / "checkpoints" / run).is_dir()

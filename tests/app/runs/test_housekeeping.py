"""Housekeeping: runs that nobody watches, that train for too long, or that are too many."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.app.clients import ENDLESS, Client, Watcher
from tests.app.sweeps.sweeping import begun
from tests.app.wall_watcher import TOKEN, WallWatcher
from tests.clock import Clock
from tests.server_process import StartProcess
from tests.server_thread import StartServer
from tests.servers import PATIENCE, wait_until, workers_of

MINUTE, DAY = 60.0, 86400.0  # seconds

CLOCK_SET_BY_A_FILE = """
import pathlib, time
right = time.time
time.time = lambda: right() + float(pathlib.Path({path!r}).read_text() or 0)
"""


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
        assert len(workers_of(server)) == 1
        clock.forward(31)
        wait_until(lambda: not workers_of(server), "its process has ended")
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


@pytest.fixture
def jump(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return what sets the system's clock so many seconds ahead of the right time."""
    right, ahead = time.time, [0.0]
    monkeypatch.setattr("time.time", lambda: right() + ahead[0])
    return lambda seconds: ahead.__setitem__(0, seconds)


def states_of(client: Client) -> dict[str, str]:
    """Return how each run stands, by the list, which looks at no single run."""
    return {run["id"]: run["status"] for run in client.get("/api/runs").json()}


@pytest.mark.parametrize("ahead", [181 * DAY, -181 * DAY])
def test_a_clock_that_jumps_makes_no_run_old(
    start_server: StartServer, tmp_path: Path, jump: Callable[[float], None], ahead: float
) -> None:
    clock = Clock()
    server = start_server(clock=clock, idle_pause_minutes=1)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        old = client.run(epochs=1, train_examples=320)
        Watcher(server, old).until_status("finished")

        def housekeeping_comes_by() -> None:
            unwatched = client.run(**ENDLESS)
            clock.forward(2 * MINUTE)
            wait_until(lambda: states_of(client)[unwatched] == "paused", "it is paused")

        jump(ahead)
        housekeeping_comes_by()
        # As after a summer: off for half a year, then started twice, and once a run is begun.
        for _ in range(2):
            server.stop()
            clock.forward(ahead)
            server = start_server(clock=clock, idle_pause_minutes=1)
            client.base_url = server.url
            housekeeping_comes_by()
            assert old in states_of(client)
        jump(0)
        server.stop()
        server = start_server(clock=clock, idle_pause_minutes=1)
        client.base_url = server.url
        housekeeping_comes_by()
        assert old in states_of(client)
        assert (tmp_path / "store" / "checkpoints" / old).is_dir()


def test_a_run_that_was_looked_at_in_the_future_makes_no_other_old(
    start_server: StartServer, tmp_path: Path
) -> None:
    clock = Clock()
    server = start_server(clock=clock)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        old, late = (client.run(epochs=1, train_examples=320) for _ in range(2))
        Watcher(server, late).until_status("finished")
        Watcher(server, old).until_status("finished")
        server.stop()
        with closing(sqlite3.connect(tmp_path / "store" / "nudge.sqlite")) as database, database:
            ahead = [400 * DAY, late]  # as a server kept it whose clock was fast
            database.execute("UPDATE runs SET seen = seen + ? WHERE id = ?", ahead)
        server = start_server(clock=clock, idle_pause_minutes=1)
        client.base_url = server.url
        unwatched = client.run(**ENDLESS)
        clock.forward(2 * MINUTE)
        wait_until(lambda: states_of(client)[unwatched] == "paused", "housekeeping has come by")
        assert {old, late} <= states_of(client).keys()


@pytest.mark.only_process
def test_a_clock_that_jumps_pauses_no_run_and_ends_no_lesson(
    start_process: StartProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = tmp_path / "ahead"
    ahead.write_text("0")
    (tmp_path / "sitecustomize.py").write_text(CLOCK_SET_BY_A_FILE.format(path=str(ahead)))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    server = start_process(classroom_token=TOKEN, paused_worker_seconds=0.1)
    with (
        Client(base_url=server.url, timeout=PATIENCE) as client,
        Client(base_url=server.url, timeout=PATIENCE) as other,
        ExitStack() as stack,
    ):
        wall = WallWatcher(server, stack)
        wall.until(lambda: wall.rest)
        client.post("/api/class/join", json={"code": wall.rest["code"], "nickname": "Ada"})
        begun(client, {"seed": [1]}, ENDLESS)
        trains, rests = client.run(**ENDLESS), other.run(**ENDLESS)
        wait_until(lambda: states_of(other)[rests] == "training", "all have begun")
        for days in (2, -2, 400):
            ahead.write_text(str(days * DAY))
            other.command(rests, "step")  # it takes a process if it has none
            wait_until(lambda: len(workers_of(server)) == 2, "housekeeping comes by")
            assert states_of(client)[trains] == "training"
            assert client.get("/api/sweeps").json()[0]["status"] == "training"
            assert client.get("/api/class").json()["nickname"] == "Ada"

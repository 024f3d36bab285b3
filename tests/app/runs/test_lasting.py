"""What is kept when the server, or a run's process, is killed at any moment."""

import contextlib
import logging
import os
import random
import signal
import sqlite3
import threading
from pathlib import Path

import httpx
import numpy as np
import pytest
from hypothesis import settings
from websockets.exceptions import ConnectionClosed

from nn_core import checkpoints
from tests.app.clients import ENDLESS, Client, Event, Watcher
from tests.app.drawings import labelled
from tests.app.runs.test_worker_processes import worker_of
from tests.app.runs.trained_alone import learned, trained_alone
from tests.server_process import StartProcess
from tests.server_thread import StartServer
from tests.servers import PATIENCE, Server, wait_until

OFTEN = {"checkpoint_seconds": 0.3}


class Listener(threading.Thread):
    """Collects the events that a viewer gets until the server is gone."""

    def __init__(self, server: Server, run: str) -> None:
        super().__init__(daemon=True)
        self.watcher = Watcher(server, run)
        self.told: list[Event] = []
        self.has_heard = threading.Event()
        self.start()

    def run(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            for event in self.watcher.events():
                self.told.append(event)
                if event["type"] == "epoch":
                    self.has_heard.set()

    def epochs(self) -> list[Event]:
        hello, *later = self.told
        return [*hello["epochs"], *(event for event in later if event["type"] == "epoch")]


def turn_something(client: Client, run: str, chance: random.Random) -> None:
    """Do one of the things that a person may do to a run."""
    match chance.randrange(5):
        case 0:
            rate = chance.choice([0.5, 1, 2, 3])
            client.patch(f"/api/runs/{run}", json={"learning_rate": rate})
        case 1:
            client.patch(f"/api/runs/{run}", json={"batch_size": chance.choice([16, 32, 64])})
        case 2:
            nudge = {"index": chance.randrange(13002), "amount": 0.25, "apply": True}
            client.post(f"/api/runs/{run}/nudge", json=nudge)
        case 3:
            client.command(run, "pause")
            client.command(run, "step")
            client.command(run, "resume")
        case 4:
            lesson = {"drawings": [labelled(chance.randrange(1000), chance.randrange(10))]}
            client.post(f"/api/runs/{run}/learn", json=lesson)


# One seed with all other tests, ten in ``make test-long``.
@pytest.mark.hypothesis
@pytest.mark.parametrize("seed", range(max(1, settings().max_examples // 200)))
def test_nothing_is_lost_when_the_server_is_killed_at_random_moments(
    start_process: StartProcess, start_server: StartServer, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    server = start_process(**OFTEN)
    cookies = httpx.Cookies()
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        added = [labelled(1, 9), labelled(2, 9)]
        run = client.run(epochs=None, optimizer="adam", dropout=0.1, seed=seed, drawings=added)
        cookies = client.cookies
    told: dict[int, Event] = {}
    for number in range(3):
        if number:
            server = start_process(**OFTEN)
        listener = Listener(server, run)
        assert listener.has_heard.wait(PATIENCE)
        with Client(base_url=server.url, timeout=PATIENCE, cookies=cookies) as client:
            for _ in range(chance.randrange(1, 4)):
                turn_something(client, run, chance)
        threading.Timer(chance.random() / 2, server.process.kill).start()
        server.end_abruptly()
        listener.join(PATIENCE)
        for epoch in listener.epochs():
            assert told.setdefault(epoch["epoch"], epoch) == epoch  # never told otherwise
    last = start_server(**OFTEN)
    with Client(base_url=last.url, timeout=PATIENCE, cookies=cookies) as client:
        Watcher(last, run).until("epoch")
        client.command(run, "pause")
        kept = client.get(f"/api/runs/{run}/epochs").json()
        assert [epoch["epoch"] for epoch in kept] == list(range(1, len(kept) + 1))
        assert told == {epoch["epoch"]: epoch for epoch in kept if epoch["epoch"] in told}
        network, epochs = trained_alone(client, tmp_path / "store", run)
        assert [learned(epoch) for epoch in kept] == epochs
        file = client.get(f"/api/runs/{run}/checkpoint").content
        assert np.array_equal(
            checkpoints.load(file).network.parameters.theta, network.parameters.theta
        )


@pytest.mark.parametrize("arithmetic", ["numpy", "compiled"])
def test_a_run_whose_process_is_killed_learns_what_it_would_have(
    start_server: StartServer,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    request: pytest.FixtureRequest,
    arithmetic: str,
) -> None:
    if arithmetic == "compiled":
        request.getfixturevalue("compiled_loops")
    caplog.set_level(logging.INFO)
    server = start_server(**OFTEN)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(**ENDLESS, optimizer="momentum", arithmetic=arithmetic)
        watcher = Watcher(server, run)
        for _ in range(2):
            watcher.until("epoch")
            client.patch(f"/api/runs/{run}", json={"learning_rate": 0.25})
            os.kill(worker_of(caplog.messages, run), signal.SIGKILL)
            watcher.until("status", status="training", reason=None)
        watcher.until("epoch")
        client.command(run, "pause")
        network, epochs = trained_alone(client, tmp_path / "store", run)
        kept = client.get(f"/api/runs/{run}/epochs").json()
        assert [learned(epoch) for epoch in kept] == epochs
        file = client.get(f"/api/runs/{run}/checkpoint").content
        theta = checkpoints.load(file).network.parameters.theta
        assert np.array_equal(theta, network.parameters.theta)


def test_a_paused_run_is_still_paused_at_its_step(
    start_process: StartProcess, start_server: StartServer
) -> None:
    server: Server = (killed := start_process())
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(**ENDLESS)
        Watcher(server, run).until("epoch")
        client.command(run, "pause")
        paused = client.command(run, "step")
        before = client.get(f"/api/runs/{run}/checkpoint").content
        cookies = client.cookies
    killed.kill()
    server = start_server()
    with Client(base_url=server.url, timeout=PATIENCE, cookies=cookies) as client:
        assert client.get(f"/api/runs/{run}").json() == paused
        assert client.get(f"/api/runs/{run}/checkpoint").content == before
        assert client.command(run, "step")["step"] == paused["step"] + 1


def test_an_ended_run_is_there_with_all_that_it_had(
    start_server: StartServer, tmp_path: Path
) -> None:
    server = start_server()
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(epochs=3)
        watcher = Watcher(server, run)
        watcher.until_status("finished")
        client.patch(f"/api/runs/{run}", json={"name": "the first", "epochs": 5})
        paths = ["", "/epochs", "/checkpoints", "/checkpoint", "/checkpoint?epoch=1"]
        before = [client.get(f"/api/runs/{run}{path}").content for path in paths]
        frame = Watcher(server, run).frame()
        cookies = client.cookies
        kept = tmp_path / "store" / "checkpoints" / run
        wait_until(
            lambda: {"0", "1", "2", "3", "frame"} <= {path.stem for path in kept.iterdir()},
            "its files are written",
        )
    server.stop()
    server = start_server()
    with Client(base_url=server.url, timeout=PATIENCE, cookies=cookies) as client:
        assert [client.get(f"/api/runs/{run}{path}").content for path in paths] == before
        again = Watcher(server, run)
        (hello,) = again.until("hello")
        assert [epoch["epoch"] for epoch in hello["epochs"]] == [1, 2, 3]
        assert again.frame() == frame
        client.command(run, "resume")
        again.until_status("finished")
        assert len(client.get(f"/api/runs/{run}/epochs").json()) == 5


def test_runs_are_interrupted_instead_if_one_likes(
    start_process: StartProcess, start_server: StartServer
) -> None:
    server: Server = (killed := start_process())
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(**ENDLESS)
        Watcher(server, run).until("epoch")
        cookies = client.cookies
    killed.kill()
    server = start_server(resume_runs=False)
    with Client(base_url=server.url, timeout=PATIENCE, cookies=cookies) as client:
        Watcher(server, run).until_status("interrupted")
        client.command(run, "resume")
        Watcher(server, run).until("epoch")


def test_a_server_that_is_told_to_end_tells_its_viewers_and_keeps_everything(
    start_server: StartServer,
) -> None:
    server = start_server(checkpoint_seconds=1000)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(**ENDLESS)
        listener = Listener(server, run)
        assert listener.has_heard.wait(PATIENCE)
        cookies = client.cookies
    server.stop()
    listener.join(PATIENCE)
    statuses = [event for event in listener.told if event["type"] == "status"]
    assert statuses[-1]["status"] == "interrupted"
    assert "going away" in statuses[-1]["reason"]
    server = start_server()
    with Client(base_url=server.url, timeout=PATIENCE, cookies=cookies) as client:
        kept = client.get(f"/api/runs/{run}/epochs").json()
        told = listener.epochs()
        assert kept[: len(told)] == told
        watcher = Watcher(server, run, f"?after={len(kept)}")
        hello, *_, epoch = watcher.until("epoch")
        first = [*hello["epochs"], epoch][0]
        assert first["epoch"] == len(kept) + 1


def test_a_store_has_one_server(start_server: StartServer, start_process: StartProcess) -> None:
    start_server()
    with pytest.raises(AssertionError, match="another server keeps its runs in"):
        start_process()


def test_deleted_runs_leave_nothing_behind(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server()
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        for epochs in (1, None):
            run = client.run(epochs=epochs)
            watcher = Watcher(server, run)
            if epochs:
                watcher.until_status("finished")
            else:
                watcher.until("epoch")
            client.delete(f"/api/runs/{run}")
        assert list((tmp_path / "store" / "checkpoints").iterdir()) == []
        with contextlib.closing(sqlite3.connect(tmp_path / "store" / "nudge.sqlite")) as database:
            for table in ("runs", "events", "commands"):
                assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)

"""What is kept of a sweep when the server, or a run's process, is killed at any moment."""

import contextlib
import os
import random
import signal
import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from nn_core import checkpoints
from tests.app.clients import Client, Event
from tests.app.runs.trained_alone import learned, trained_alone
from tests.app.sweeps.sweeping import ENDLESS, begun, now, statuses, until
from tests.server_process import StartProcess
from tests.server_thread import StartServer
from tests.servers import PATIENCE, wait_until, workers_of

OFTEN = {"checkpoint_seconds": 0.3}
# A second and a half of training for each run.
BASE: Event = {"train_examples": 640, "epochs": 16, "steps_per_second": 200, "hidden": [4]}
RATES = [0.01, 0.1, 0.5, 1.0, 2.0]


def reasons(sweep: Event) -> list[str | None]:
    return [run["reason"] for run in sweep["runs"]]


# One seed with all other tests, ten in ``make test-long``.
@pytest.mark.hypothesis
@pytest.mark.parametrize("seed", range(max(1, settings().max_examples // 200)))
@pytest.mark.parametrize("search", ["grid", "halving"])
def test_nothing_is_lost_or_run_twice_when_the_server_is_killed_at_random_moments(
    start_process: StartProcess,
    start_server: StartServer,
    tmp_path: Path,
    search: str,
    seed: int,
) -> None:
    chance = random.Random(seed)
    asked: Event = {"vary": {"learning_rate": RATES}, "search": search, "at_once": 2}
    server = start_process(**OFTEN)
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        sweep = begun(client, base=BASE, **asked)
        cookies = client.cookies
    for number in range(3):
        if number:
            server = start_process(**OFTEN)
        with Client(base_url=server.url, timeout=PATIENCE, cookies=cookies) as client:
            before = sum(run["epoch"] for run in now(client, sweep)["runs"])
            wait_until(
                lambda c=client, b=before: sum(r["epoch"] for r in now(c, sweep)["runs"]) > b,  # type: ignore[misc]
                "it goes on by itself",
            )
            if workers := workers_of(server):
                os.kill(chance.choice(workers), signal.SIGKILL)
        threading.Timer(chance.random(), server.process.kill).start()
        server.end_abruptly()
    last = start_server(**OFTEN)
    with Client(base_url=last.url, timeout=PATIENCE, cookies=cookies) as client:
        ended = until(client, sweep, "finished")
        assert [run["id"] for run in ended["runs"]] == [run["id"] for run in sweep["runs"]]
        for run in ended["runs"]:
            kept = client.get(f"/api/runs/{run['id']}/epochs").json()
            assert [epoch["epoch"] for epoch in kept] == list(range(1, run["epoch"] + 1))
            network, epochs = trained_alone(client, tmp_path / "store", run["id"])
            assert [learned(epoch) for epoch in kept] == epochs
            file = client.get(f"/api/runs/{run['id']}/checkpoint").content
            theta = checkpoints.load(file).network.parameters.theta
            assert np.array_equal(theta, network.parameters.theta)
        if search == "halving":  # it was decided as if nothing had happened
            alone = until(
                client, begun(client, base=BASE | {"steps_per_second": None}, **asked), "finished"
            )
            assert reasons(ended) == reasons(alone)
        else:
            assert statuses(ended) == ["finished"] * len(RATES)


def test_a_sweep_that_optuna_is_asked_for_goes_on(
    start_process: StartProcess, start_server: StartServer
) -> None:
    server = start_process(**OFTEN)
    vary = {"learning_rate": {"from": 0.1, "to": 1}}
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        sweep = begun(client, vary, BASE, search="optuna", runs=4, at_once=1)
        wait_until(lambda: len(now(client, sweep)["runs"]) == 2, "the first has ended")
        known = [(run["id"], run["varied"]) for run in now(client, sweep)["runs"]]
        cookies = client.cookies
    server.kill()
    last = start_server(**OFTEN)
    with Client(base_url=last.url, timeout=PATIENCE, cookies=cookies) as client:
        ended = until(client, sweep, "finished")
        assert [(run["id"], run["varied"]) for run in ended["runs"][:2]] == known
        assert statuses(ended) == ["finished"] * 4


def test_a_paused_sweep_is_paused_and_one_of_before_is_interrupted_if_one_likes(
    start_process: StartProcess, start_server: StartServer
) -> None:
    server = start_process()
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        paused, other = (begun(client, {"seed": [1, 2]}, ENDLESS, at_once=1) for _ in range(2))
        for sweep in (paused, other):
            wait_until(lambda s=sweep: statuses(now(client, s))[0] == "training", "one trains")  # type: ignore[misc]
        client.post(f"/api/sweeps/{paused['id']}/pause")
        before = now(client, paused)
        cookies = client.cookies
    server.kill()
    last = start_server(resume_runs=False)
    with Client(base_url=last.url, timeout=PATIENCE, cookies=cookies) as client:
        after = now(client, paused)
        assert (after["status"], after["runs"][0]) == ("paused", before["runs"][0])
        assert now(client, other)["status"] == "interrupted"
        for sweep in (paused, other):
            assert client.post(f"/api/sweeps/{sweep['id']}/resume").status_code == 200
            wait_until(
                lambda s=sweep: statuses(now(client, s)) == ["training", "queued"],  # type: ignore[misc]
                "one trains, and the other waits for its turn",
            )
        client.delete(f"/api/sweeps/{other['id']}")
    last.stop()
    again = start_server()
    with Client(base_url=again.url, timeout=PATIENCE, cookies=cookies) as client:
        (kept,) = client.get("/api/sweeps").json()
        assert kept["id"] == paused["id"]
        assert len([run for run in client.get("/api/runs").json() if run["yours"]]) == 2


@pytest.mark.parametrize("expected_errors", [["its record can't be read"]])
def test_the_runs_of_a_sweep_that_can_t_be_read_are_left_to_their_owner(
    start_server: StartServer, tmp_path: Path
) -> None:
    server = start_server()
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        sweep = begun(client, {"seed": [1, 2]}, ENDLESS, at_once=1)
        client.post(f"/api/sweeps/{sweep['id']}/pause")
        cookies = client.cookies
    server.stop()
    with contextlib.closing(sqlite3.connect(tmp_path / "store" / "nudge.sqlite")) as database:
        database.execute("UPDATE sweeps SET asked = '{}'")
        database.commit()
    server = start_server()
    with Client(base_url=server.url, timeout=PATIENCE, cookies=cookies) as client:
        assert client.get("/api/sweeps").json() == []
        second = sweep["runs"][1]["id"]
        assert client.get(f"/api/runs/{second}").json()["status"] == "interrupted"
        assert client.command(second, "resume")["status"] in ("queued", "training")

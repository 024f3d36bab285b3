"""Sweeps over HTTP."""

import csv
import io
from collections.abc import Iterator

import numpy as np
import pytest

from app.runs.spec import RunSpec
from nn_core import checkpoints
from tests.app.clients import Client
from tests.app.runs.trained_alone import learned
from tests.app.sweeps.sweeping import ENDLESS, QUICK, begun, now, statuses, until
from tests.servers import PATIENCE, Server, wait_until


@pytest.fixture
def client(client: Client) -> Iterator[Client]:
    """Return a client whose sweeps are deleted after the test."""
    yield client
    for sweep in client.get("/api/sweeps").json():
        client.delete(f"/api/sweeps/{sweep['id']}")


def test_a_grid_trains_every_combination_as_if_it_were_alone(client: Client) -> None:
    vary = {"learning_rate": {"from": 0.1, "to": 10, "scale": "log", "count": 3}, "seed": [1, 2]}
    sweep = begun(client, vary, name="rates")
    assert (sweep["name"], sweep["search"], sweep["yours"]) == ("rates", "grid", True)
    assert len(sweep["id"]) == 32
    assert sweep["base"] == RunSpec(**QUICK).model_dump(mode="json")
    assert sweep["vary"]["learning_rate"]["values"] == [0.1, 1.0, 10.0]
    assert [run["varied"] for run in sweep["runs"]] == [
        {"learning_rate": rate, "seed": seed} for rate in (0.1, 1.0, 10.0) for seed in (1, 2)
    ]
    assert {(run["parameters"], run["steps"]) for run in sweep["runs"]} == {(3190, 40)}
    ended = until(client, sweep, "finished")
    assert statuses(ended) == ["finished"] * 6
    assert all(run["epoch"] == 2 and run["test_cost"] > 0 for run in ended["runs"])
    member = ended["runs"][3]
    of_sweep = client.get(f"/api/runs/{member['id']}").json()
    assert (of_sweep["sweep"], of_sweep["test_accuracy"]) == (sweep["id"], member["test_accuracy"])
    assert of_sweep["name"] == "learning rate 1, seed 2"
    alone = client.run(**QUICK, learning_rate=1.0, seed=2)
    wait_until(lambda: client.get(f"/api/runs/{alone}").json()["status"] == "finished", "it ends")
    assert client.get(f"/api/runs/{alone}").json()["spec"] == of_sweep["spec"]
    assert client.get(f"/api/runs/{alone}").json()["sweep"] is None
    both = [
        [learned(epoch) for epoch in client.get(f"/api/runs/{run}/epochs").json()]
        for run in (alone, member["id"])
    ]
    assert both[0] == both[1]
    thetas = [
        checkpoints.load(client.get(f"/api/runs/{run}/checkpoint").content).network.parameters.theta
        for run in (alone, member["id"])
    ]
    assert np.array_equal(thetas[0], thetas[1])
    text = client.get(f"/api/sweeps/{sweep['id']}?format=csv").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["id"] for row in rows] == [run["id"] for run in ended["runs"]]
    assert [row["learning_rate"] for row in rows] == ["0.1", "0.1", "1.0", "1.0", "10.0", "10.0"]
    assert [float(row["test_accuracy"]) for row in rows] == [
        run["test_accuracy"] for run in ended["runs"]
    ]
    assert [each["id"] for each in client.get("/api/sweeps").json()] == [sweep["id"]]


def test_a_rate_that_is_left_open_is_a_good_one_for_each_optimizer(client: Client) -> None:
    sweep = begun(client, {"optimizer": ["sgd", "adam"]})
    specs = [client.get(f"/api/runs/{run['id']}").json()["spec"] for run in sweep["runs"]]
    assert [spec["learning_rate"] for spec in specs] == [
        RunSpec(optimizer=name).learning_rate for name in ("sgd", "adam")
    ]


def test_a_dry_one_says_what_it_would_cost_and_begins_nothing(client: Client) -> None:
    before = client.get("/api/runs").json()
    asked = {"base": {"epochs": 32}, "vary": {"hidden": [[16], [64, 64]]}, "dry": True}
    answer = client.post("/api/sweeps", json=asked)
    assert answer.status_code == 200
    sweep = answer.json()
    small, large = sweep["runs"]
    assert small["steps"] == large["steps"] == 32 * 125
    assert large["parameters"] == 784 * 64 + 64 + 64 * 64 + 64 + 64 * 10 + 10
    assert 0 < small["seconds"] < large["seconds"] <= sweep["estimated_seconds"]
    assert (sweep["id"], sweep["status"], small["id"]) == (None, "planned", None)
    halving = client.post("/api/sweeps", json=asked | {"search": "halving"}).json()
    assert halving["rungs"] == [4, 8, 16]
    assert client.get("/api/runs").json() == before
    assert client.get("/api/sweeps").json() == []


def test_a_random_search_draws_by_its_seed(client: Client) -> None:
    rate = {"from": 1e-3, "to": 10, "scale": "log"}
    asked = {"vary": {"learning_rate": rate}, "search": "random", "runs": 6, "dry": True}
    drawn = [
        [
            run["varied"]["learning_rate"]
            for run in client.post("/api/sweeps", json=a).json()["runs"]
        ]
        for a in (asked, asked, asked | {"seed": 1})
    ]
    assert drawn[0] == drawn[1] != drawn[2]
    assert len(set(drawn[0])) == 6
    assert all(1e-3 <= rate <= 10 for rate in drawn[0])


def test_halving_stops_the_worse_half_at_each_rung(client: Client) -> None:
    rates = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0]
    base = QUICK | {"epochs": 16}
    sweep = begun(client, {"learning_rate": rates}, base, search="halving")
    assert sweep["rungs"] == [2, 4, 8]
    ended = until(client, sweep, "finished")
    epochs = sorted(run["epoch"] for run in ended["runs"])
    assert epochs == [2, 2, 2, 2, 4, 4, 8, 16]
    # What the runs would have been compared by, had each been left alone.
    figures = {
        run["id"]: client.get(f"/api/runs/{run['id']}/epochs").json() for run in ended["runs"]
    }
    left = list(ended["runs"])
    for rung in sweep["rungs"]:
        at_rung = {run["id"]: figures[run["id"]][rung - 1] for run in left}
        left.sort(key=lambda r: (-at_rung[r["id"]]["test_accuracy"], at_rung[r["id"]]["test_cost"]))
        half = (len(left) + 1) // 2
        for place, run in enumerate(left[half:], half + 1):
            words = f"stopped after epoch {rung} of 16: {place}"
            assert run["reason"].startswith(words)
            assert run["reason"].endswith(f"of {len(left)} by test accuracy")
        left = left[:half]
    (best,) = left
    assert (best["status"], best["epoch"]) == ("finished", 16)
    # One that was stopped goes on by hand, from its checkpoint, to the end.
    stopped = next(run for run in ended["runs"] if run["epoch"] == 2)
    client.command(stopped["id"], "resume")
    wait_until(
        lambda: client.get(f"/api/runs/{stopped['id']}").json()["status"] == "finished", "it ends"
    )
    assert client.get(f"/api/runs/{stopped['id']}").json()["epoch"] == 16
    again = begun(client, {"learning_rate": rates}, base, search="halving", at_once=1)
    once_more = until(client, again, "finished")
    assert [run["reason"] for run in once_more["runs"]] == [run["reason"] for run in ended["runs"]]


def test_optuna_is_asked_run_by_run(client: Client) -> None:
    vary = {
        "learning_rate": {"from": 0.01, "to": 10, "scale": "log"},
        "hidden": [[4], [8]],
        "batch_size": {"from": 16, "to": 64},
    }
    sweep = begun(client, vary, search="optuna", runs=6, at_once=2)
    assert len(sweep["runs"]) == 2
    ended = until(client, sweep, "finished")
    assert statuses(ended) == ["finished"] * 6
    for run in ended["runs"]:
        assert 0.01 <= run["varied"]["learning_rate"] <= 10
        assert run["varied"]["hidden"] in ([4], [8])
        assert 16 <= run["varied"]["batch_size"] <= 64


def test_a_sweep_is_paused_resumed_stopped_and_deleted(client: Client, server: Server) -> None:
    sweep = begun(client, {"seed": [1, 2, 3]}, ENDLESS, at_once=2)
    path = f"/api/sweeps/{sweep['id']}"
    wait_until(lambda: statuses(now(client, sweep)).count("training") == 2, "two train")
    assert statuses(now(client, sweep))[2] == "queued"
    assert "turn" in now(client, sweep)["runs"][2]["reason"]
    for command, status, of_runs in (
        ("pause", "paused", ["paused", "paused", "queued"]),
        ("resume", "training", ["training", "training", "queued"]),
        ("stop", "stopped", ["stopped"] * 3),
    ):
        for _ in range(2):
            answer = client.post(f"{path}/{command}")
            assert (answer.status_code, answer.json()["status"]) == (200, status), answer.text
        wait_until(lambda of=of_runs: statuses(now(client, sweep)) == of, command)  # type: ignore[misc]
    assert client.post(f"{path}/pause").status_code == 409
    client.post(f"{path}/resume")
    wait_until(lambda: statuses(now(client, sweep)).count("training") == 2, "it goes on")
    with Client(base_url=server.url, timeout=PATIENCE) as other:
        assert other.get(path).json()["yours"] is False
        assert other.get("/api/sweeps").json() == []
        for call in (other.delete(path), *(other.post(f"{path}/{c}") for c in ("pause", "stop"))):
            assert call.status_code == 403
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == client.delete(path).status_code == 404
    for run in sweep["runs"]:
        assert client.get(f"/api/runs/{run['id']}").status_code == 404


def test_a_run_that_is_stopped_by_hand_gives_its_place_to_the_next(client: Client) -> None:
    sweep = begun(client, {"seed": [1, 2]}, ENDLESS, at_once=1)
    first, second = (run["id"] for run in sweep["runs"])
    wait_until(lambda: statuses(now(client, sweep)) == ["training", "queued"], "the first trains")
    client.command(first, "stop")
    wait_until(lambda: statuses(now(client, sweep)) == ["stopped", "training"], "so does the next")
    client.delete(f"/api/runs/{second}")
    ended = until(client, sweep, "finished")
    assert statuses(ended) == ["stopped", "deleted"]
    assert ended["runs"][1]["reason"] == "this run was deleted"
    client.delete(f"/api/runs/{first}")
    wait_until(
        lambda: client.get(f"/api/sweeps/{sweep['id']}").status_code == 404, "it has no run left"
    )

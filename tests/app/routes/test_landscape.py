"""A run's landscape over HTTP, held against its checkpoints alone."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from nn_core import Network, checkpoints, load_dataset
from nn_core.parameters import FloatArray
from tests.app.clients import Client, Watch, Watcher
from tests.server_thread import StartServer
from tests.servers import PATIENCE, Server

X, Y = load_dataset("digits-5k").training.batch(np.arange(1000), np.float64)


@pytest.fixture(scope="module")
def runs(server: Server) -> Iterator[list[str]]:
    """Return two finished runs that differ in their seed."""
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        runs = [client.run(epochs=8, seed=seed, train_examples=1200) for seed in (0, 1)]
        for run in runs:
            watcher = Watcher(server, run)
            watcher.until_status("finished")
            watcher.close()
        yield runs
        for run in runs:
            client.delete(f"/api/runs/{run}")


def asked(client: Client, run: str, query: str = "") -> dict[str, Any]:
    response = client.get(f"/api/runs/{run}/landscape{query}")
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def tensors(client: Client, run: str, query: str) -> dict[str, FloatArray]:
    response = client.get(f"/api/runs/{run}/landscape?directions=true{query}")
    assert response.headers["content-type"] == "application/octet-stream"
    return safetensors.numpy.load(response.content)


def network_at(client: Client, run: str, epoch: int) -> Network:
    file = client.get(f"/api/runs/{run}/checkpoint?epoch={epoch}").content
    return checkpoints.load(file).network


def cost_at(network: Network, theta: FloatArray) -> float:
    wide = network.in_64_bits()
    wide.parameters.theta[:] = theta
    return wide.evaluate(X, Y).cost / 1000


@pytest.mark.parametrize("plane", ["path", "random", "walk"])
def test_cells_and_the_path_agree_with_the_checkpoints(
    client: Client, runs: list[str], plane: str
) -> None:
    told = asked(client, runs[0], f"?plane={plane}")
    file = tensors(client, runs[0], f"&plane={plane}")
    assert (told["plane"], told["examples"], told["with_path"]) == (plane, 1000, None)
    assert (len(told["alphas"]), len(told["betas"])) == (41, 41)
    np.testing.assert_array_equal(told["costs"], file["costs"])
    last = network_at(client, runs[0], 8)
    np.testing.assert_array_equal(file["origin"], last.parameters.theta)
    rng = np.random.default_rng(0)
    for i, j in rng.integers(0, 41, (20, 2)):
        along = told["alphas"][i] * file["directions"][0] + told["betas"][j] * file["directions"][1]
        expected = cost_at(last, file["origin"] + along)
        assert told["costs"][i][j] == pytest.approx(expected, rel=1e-9)
    assert [point["epoch"] for point in told["path"]] == list(range(9))
    for point in told["path"]:
        place = point["alpha"] * file["directions"][0] + point["beta"] * file["directions"][1]
        expected = cost_at(last, file["origin"] + place)
        assert point["plane_cost"] == pytest.approx(expected, rel=1e-9)
        if plane != "walk":
            theta = network_at(client, runs[0], point["epoch"]).parameters.theta
            assert point["cost"] == pytest.approx(cost_at(last, theta), rel=1e-9)
            # The point of the plane is the nearest: the rest is at right angles to it.
            rest = theta - file["origin"] - place
            np.testing.assert_allclose(file["directions"] @ rest, 0, atol=1e-6)


def test_explained_shares_agree_with_numpy(client: Client, runs: list[str]) -> None:
    thetas = [network_at(client, runs[0], epoch).parameters.theta for epoch in range(9)]
    away = np.stack(thetas).astype(np.float64) - thetas[-1]
    squares = np.linalg.svd(away, compute_uv=False) ** 2
    explained = asked(client, runs[0])["explained"]
    np.testing.assert_allclose(explained, squares[:2] / squares.sum(), rtol=1e-9)
    assert asked(client, runs[0], "?plane=walk")["explained"] != explained


def test_two_runs_lie_on_one_plane(client: Client, runs: list[str]) -> None:
    told = asked(client, runs[0], f"?with={runs[1]}")
    file = tensors(client, runs[0], f"&with={runs[1]}")
    last = network_at(client, runs[0], 8)
    assert [point["epoch"] for point in told["with_path"]] == list(range(9))
    assert told["path"][-1]["alpha"] == told["path"][-1]["beta"] == 0
    for run, path in zip(runs, (told["path"], told["with_path"]), strict=True):
        point = path[5]
        theta = network_at(client, run, 5).parameters.theta
        assert point["cost"] == pytest.approx(cost_at(last, theta), rel=1e-9)
        place = np.array([point["alpha"], point["beta"]]) @ file["directions"]
        rest = theta - file["origin"] - place
        np.testing.assert_allclose(file["directions"] @ rest, 0, atol=1e-6)


def test_another_network_has_no_place_on_it(client: Client, runs: list[str]) -> None:
    other = client.run(hidden=[7], epochs=1, train_examples=100)
    for query in (f"with={other}", "with=pretrained", f"with={runs[1]}&plane=walk"):
        response = client.get(f"/api/runs/{runs[0]}/landscape?{query}")
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["query", "with"]
    assert client.get(f"/api/runs/{runs[0]}/landscape?with=nobodys").status_code == 404


def test_the_pretrained_networks_have_landscapes_too(client: Client) -> None:
    told = asked(client, "pretrained")
    assert [point["epoch"] for point in told["path"]] == [0, 1, 2, 4, 8, 16, 32, 40]
    response = client.get("/api/runs/pretrained-large/landscape")
    assert response.status_code == 409
    assert "random directions" in response.json()["detail"]


def test_a_wide_network_is_measured_on_fewer_examples(start_server: StartServer) -> None:
    server = start_server(max_experiment_work=1681 * 1282 * 50)
    with Client(base_url=server.url) as client:
        assert asked(client, "pretrained")["examples"] == 50
        few = client.get("/api/runs/pretrained-large/landscape?plane=random").json()
        assert few["examples"] == 20
        assert client.get("/api/runs/pretrained-large/absences").json()["examples"] == 20


def test_a_run_that_trains_has_one(client: Client, watch: Watch) -> None:
    run = client.run(epochs=None, train_examples=320, steps_per_second=200)
    watch(run).until("epoch", epoch=3)
    told = asked(client, run)
    assert told["examples"] == 320
    assert len(told["path"]) >= 3

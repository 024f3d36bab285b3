"""What was learned when, over HTTP, held against the checkpoints."""

from collections.abc import Iterator

import numpy as np
import pytest

from nn_core import checkpoints, load_dataset
from tests.app.clients import Client, Watch, Watcher
from tests.server_thread import StartServer
from tests.servers import PATIENCE, Server

TEST = load_dataset("digits-5k").test
X, _ = TEST.batch(np.arange(1000), np.float64)


@pytest.fixture(scope="module")
def run(server: Server) -> Iterator[str]:
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        run = client.run(epochs=4, train_examples=1200, activation="tanh")
        watcher = Watcher(server, run)
        watcher.until_status("finished")
        watcher.close()
        yield run
        client.delete(f"/api/runs/{run}")


def test_the_classes_average_to_the_run_s_test_accuracy(client: Client, run: str) -> None:
    told = client.get(f"/api/runs/{run}/learned").json()
    assert told["dataset"] == "digits-5k"
    assert [epoch["epoch"] for epoch in told["epochs"]] == [0, 1, 2, 3, 4]
    figures = client.get(f"/api/runs/{run}/epochs").json()
    for epoch, expected in zip(told["epochs"][1:], figures, strict=True):
        average = np.average(epoch["accuracies"], weights=told["counts"])
        assert average == pytest.approx(expected["test_accuracy"], abs=1e-12)
        assert epoch["accuracy"] == pytest.approx(expected["test_accuracy"], abs=1e-12)


@pytest.mark.parametrize("epoch", [None, 0, 2])
def test_the_points_are_one_matrix_times_the_activations(
    client: Client, run: str, epoch: int | None
) -> None:
    query = "" if epoch is None else f"?epoch={epoch}"
    told = client.get(f"/api/runs/{run}/learned{query}").json()
    assert told["epoch"] == (4 if epoch is None else epoch)
    network = checkpoints.load(
        client.get(f"/api/runs/{run}/checkpoint?epoch={told['epoch']}").content
    ).network.in_64_bits()
    activations = network.forward(X[:500])[-2]
    matrix = np.array(told["projection"])
    assert matrix.shape == (2, 16)
    np.testing.assert_allclose(told["points"], activations @ matrix.T, rtol=1e-9)
    assert told["labels"] == TEST.labels[:500].tolist()
    assert told["projection"] == client.get(f"/api/runs/{run}/learned").json()["projection"]


def test_an_epoch_that_is_not_kept_is_told(client: Client, run: str) -> None:
    response = client.get(f"/api/runs/{run}/learned?epoch=9")
    assert response.status_code == 404
    assert "0, 1, 2, 3, 4" in response.json()["detail"]


def test_a_pretrained_network_has_points_but_no_score_on_digits_that_it_has_seen(
    client: Client,
) -> None:
    told = client.get("/api/runs/pretrained/learned?epoch=1").json()
    assert (told["dataset"], told["epochs"], told["epoch"]) == ("digits-5k", [], 1)
    assert len(told["points"]) == 500


def test_label_noise_is_told_in_the_epochs_and_the_csv(client: Client, watch: Watch) -> None:
    noisy, clean = (
        client.run(epochs=2, train_examples=200, label_noise=noise) for noise in (0.5, 0)
    )
    for run in (noisy, clean):
        watch(run).until_status("finished")
    with_noise, without = (client.get(f"/api/runs/{run}/epochs").json() for run in (noisy, clean))
    for epoch in with_noise:
        mean = (epoch["clean_accuracy"] + epoch["noisy_accuracy"]) / 2
        assert epoch["accuracy"] == pytest.approx(mean)
    assert {(e["clean_accuracy"], e["noisy_accuracy"]) for e in without} == {(None, None)}
    header = client.get(f"/api/runs/{noisy}/epochs?format=csv").text.splitlines()[0].split(",")
    assert {"clean_accuracy", "noisy_accuracy"} <= set(header)
    gradient = client.get(f"/api/runs/{noisy}/gradient")  # on the labels that it trains with
    assert gradient.status_code == 200


def test_of_a_huge_test_set_so_much_is_read_as_others_can_wait_for(
    start_server: StartServer,
) -> None:
    server = start_server(max_experiment_work=13_002 * 30)  # 150 readings of the default network
    with Client(base_url=server.url) as client:
        run = client.run(epochs=2, train_examples=320)
        Watcher(server, run).until_status("finished")
        assert client.get(f"/api/runs/{run}/mistakes").json()["examples"] == 150
        kept = client.get(f"/api/runs/{run}/checkpoints").json()
        learned = client.get(f"/api/runs/{run}/learned").json()
        assert sum(learned["counts"]) == 150 // len(kept)

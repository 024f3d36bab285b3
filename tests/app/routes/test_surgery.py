"""Surgery over HTTP: what absences cost, and runs that train without some neurons."""

import numpy as np
import pytest

from nn_core import Network, checkpoints, load_dataset
from nn_core.evaluation import evaluate
from nn_core.learned import right_of_each_class
from nn_core.silencing import silenced
from tests.app.clients import Client, Watch

TEST = load_dataset("digits-5k").test


def network_of(client: Client, run: str, query: str = "") -> Network:
    return checkpoints.load(client.get(f"/api/runs/{run}/checkpoint{query}").content).network


@pytest.mark.parametrize("run", ["pretrained", "own"])
def test_absences_agree_with_the_networks_without(client: Client, watch: Watch, run: str) -> None:
    if run == "own":
        run = client.run(epochs=2, train_examples=1200)
        watch(run).until_status("finished")
    told = client.get(f"/api/runs/{run}/absences?silence=0:3").json()
    network = network_of(client, run)
    without = silenced(network, [(0, 3)])
    assert (told["dataset"], told["examples"]) == ("digits-5k", 1000)
    assert told["counts"] == np.bincount(TEST.labels).tolist()
    assert told["whole_right"] == right_of_each_class(network, TEST).tolist()
    assert told["right"] == right_of_each_class(without, TEST).tolist()
    cost, _ = evaluate(without, TEST)
    assert told["cost"] == pytest.approx(cost, rel=1e-4)
    assert told["costs"][0][3] == pytest.approx(cost, rel=1e-4)  # it is missing already
    for layer, neuron in ((0, 0), (1, 15)):
        cost, accuracy = evaluate(silenced(without, [(layer, neuron)]), TEST)
        assert told["costs"][layer][neuron] == pytest.approx(cost, rel=1e-4)
        assert told["rights"][layer][neuron] == pytest.approx(1000 * accuracy, abs=1)


def test_a_fork_begins_with_the_parameters_and_trains_without_the_neurons(
    client: Client, watch: Watch
) -> None:
    origin = client.run(epochs=2, train_examples=640, seed=4, momentum=0.8, optimizer="momentum")
    watch(origin).until_status("finished")
    with Client(base_url=client.base_url) as somebody_else:
        call = f"/api/runs/{origin}/fork?silence=0:3&silence=1:5&epoch=1"
        response = somebody_else.post(call)
        assert response.status_code == 201, response.text
        fork = response.json()
        assert fork["yours"]
        spec = client.get(f"/api/runs/{origin}").json()["spec"]
        assert fork["spec"] == spec | {"silence": ["0:3", "1:5"]}
        watch(fork["id"]).until_status("finished")
        assert somebody_else.get(f"/api/runs/{fork['id']}").json()["epoch"] == 2
        expected = network_of(client, origin, "?epoch=1").parameters
        for layer, neuron in ((0, 3), (1, 5)):
            expected.weights[layer][neuron] = 0
            expected.biases[layer][neuron] = 0
            expected.weights[layer + 1][:, neuron] = 0
        begun = network_of(client, fork["id"], "?epoch=0").parameters
        np.testing.assert_array_equal(begun.theta, expected.theta)
        trained = network_of(client, fork["id"]).parameters
        assert not trained.theta[expected.theta == 0].any()
        assert np.mean(trained.theta != begun.theta) > 0.5
        again = somebody_else.post(call).json()["id"]
        watch(again).until_status("finished")
        np.testing.assert_array_equal(network_of(client, again).parameters.theta, trained.theta)
        assert fork["name"] == "another run without 0:3, 1:5"
        somebody_else.delete(f"/api/runs/{again}")
        exported = somebody_else.get("/api/runs/export").content
        (imported,) = somebody_else.post("/api/runs/import", content=exported).json()
        assert imported["spec"] == fork["spec"]
        for run in (fork["id"], imported["id"]):  # both go on, with the same
            somebody_else.patch(f"/api/runs/{run}", json={"epochs": 3})
            somebody_else.command(run, "resume")
            watch(run).until_status("finished")
        theta, other = (
            network_of(client, run).parameters.theta for run in (fork["id"], imported["id"])
        )
        np.testing.assert_array_equal(theta, other)
        assert not theta[expected.theta == 0].any()
        for run in (fork["id"], imported["id"]):
            somebody_else.delete(f"/api/runs/{run}")


def test_a_pretrained_network_is_forked_with_the_digits_that_are_here(
    client: Client, watch: Watch
) -> None:
    wanted = "/api/runs/pretrained/wants?layer=1&neuron=2"
    before = client.get(wanted).json()
    fork = client.post("/api/runs/pretrained/fork?silence=1:2").json()
    assert client.get(wanted).json() == before  # the fork has a network of its own
    assert fork["spec"]["dataset"] == "digits-5k"
    watch(fork["id"]).until("epoch")
    client.command(fork["id"], "stop")
    network = network_of(client, fork["id"])
    assert not network.parameters.weights[1][2].any()
    assert not network.parameters.weights[2][:, 2].any()


@pytest.mark.parametrize("call", ["absences", "fork"])
def test_what_is_no_hidden_neuron_is_told_at_its_field(client: Client, call: str) -> None:
    method = "GET" if call == "absences" else "POST"
    response = client.request(method, f"/api/runs/pretrained/{call}?silence=2:0")
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["query", "silence"]
    response = client.post("/api/runs", json={"hidden": [3], "silence": ["0:3"]})
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "silence"]


def test_a_new_run_may_train_without_neurons_from_its_start(client: Client, watch: Watch) -> None:
    run = client.run(hidden=[5], silence=["0:1"], epochs=1, train_examples=320)
    watch(run).until_status("finished")
    for query in ("", "?epoch=0"):
        parameters = network_of(client, run, query).parameters
        assert not parameters.weights[0][1].any()
        assert not parameters.biases[0][1]
        assert parameters.weights[0][[0, 2, 3, 4]].any(axis=1).all()

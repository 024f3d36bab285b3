"""A nudge by hand: what it does to the cost, as predicted and as measured; and done."""

from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from nn_core import Network, checkpoints, load_dataset
from nn_core.sensitivity import nudge_costs
from tests.app.clients import Client, Watch


def network_of(client: Client, run: str, query: str = "") -> Network:
    return checkpoints.load(client.get(f"/api/runs/{run}/checkpoint{query}").content).network


def nudged(
    client: Client, run: str, index: int, amount: float, query: str = "", **more: Any
) -> dict[str, Any]:
    body = {"index": index, "amount": amount, **more}
    response = client.post(f"/api/runs/{run}/nudge{query}", json=body)
    assert response.status_code == 200, response.text
    costs: dict[str, Any] = response.json()
    assert set(costs) == {
        *("examples", "before", "after"),
        *("cost", "slope", "predicted", "measured", "curve"),
    }
    return costs


def test_a_nudge_is_predicted_and_measured_on_the_runs_own_examples(
    client: Client, watch: Watch
) -> None:
    run = client.run(epochs=1, train_examples=700)
    watch(run).until_status("finished")
    costs = nudged(client, run, 12_999, 1e-4)

    network = network_of(client, run)
    examples = load_dataset("digits-5k").training.first(700)
    *expected, curve = nudge_costs(network, examples, 12_999, 1e-4)
    told = [costs[name] for name in ("cost", "slope", "predicted", "measured")]
    assert told == pytest.approx(expected)
    assert (costs["examples"], costs["curve"], curve) == (700, None, None)
    assert costs["cost"] != costs["measured"]
    assert costs["measured"] - costs["cost"] == pytest.approx(
        costs["predicted"] - costs["cost"], rel=0.01
    )
    assert nudged(client, run, 12_999, 1e-4) == costs  # it was not done
    at_once = nudged(client, run, 12_999, 0)
    assert at_once["cost"] == at_once["predicted"] == at_once["measured"] == costs["cost"]


def test_a_nudge_comes_with_its_curve(client: Client) -> None:
    for run in ("pretrained", "pretrained-large"):
        costs = nudged(client, run, 12_500, 1.5, reach=2)
        assert costs["examples"] == 1000
        amounts = [amount for amount, _ in costs["curve"]]
        np.testing.assert_allclose(amounts, np.linspace(-2, 2, 41), atol=1e-15)
        assert costs["curve"][20] == [0, costs["cost"]]
        assert costs["curve"][35] == [1.5, costs["measured"]]
        for place in (0, 7, 40):
            amount, cost = costs["curve"][place]
            assert nudged(client, run, 12_500, amount)["measured"] == cost


def test_a_nudge_of_a_network_as_it_was(client: Client) -> None:
    now = nudged(client, "pretrained", 12_999, 0.1)
    assert nudged(client, "pretrained", 12_999, 0.1, "?epoch=40") == now
    untrained = nudged(client, "pretrained", 12_999, 0.1, "?epoch=0", reach=1)
    assert untrained["cost"] > 5 * now["cost"]
    body = {"index": 0, "amount": 1}
    response = client.post("/api/runs/pretrained/nudge?epoch=3", json=body)
    assert response.status_code == 404
    assert "0, 1, 2, 4, 8, 16, 32, 40" in response.json()["detail"]
    response = client.post("/api/runs/pretrained/nudge?epoch=40", json=body | {"apply": True})
    assert response.status_code == 422
    (problem,) = response.json()["detail"]
    assert problem["loc"] == ["query", "epoch"]
    assert "measured, not changed" in problem["msg"]


def test_a_nudge_is_done_to_a_paused_run_and_seen_at_once(client: Client, watch: Watch) -> None:
    run = client.run(epochs=None, steps_per_second=100)
    client.command(run, "pause")
    before = network_of(client, run)
    costs = nudged(client, run, 12_995, 0.5)
    watcher = watch(run)

    done = nudged(client, run, 12_995, 0.5, apply=True)
    assert done == costs
    theta = network_of(client, run).parameters.theta
    assert np.flatnonzero(theta != before.parameters.theta).tolist() == [12_995]
    assert theta[12_995] == before.parameters.theta[12_995] + np.float32(0.5)
    shown = theta[12_995].astype(np.float16)
    while safetensors.numpy.load(watcher.frame())["biases.2"][3] != shown:
        pass  # a frame from before it: the next one is not
    assert nudged(client, run, 0, 0)["cost"] == pytest.approx(costs["measured"], rel=1e-6)

    step = client.get(f"/api/runs/{run}").json()["step"]
    assert client.command(run, "step")["step"] == step + 1
    assert client.command(run, "resume")["status"] == "training"
    client.command(run, "stop")


def test_a_parameter_is_set_to_a_value_and_put_back_to_the_bit(client: Client) -> None:
    run = client.run(epochs=None, steps_per_second=0.01)
    client.command(run, "step")
    before = network_of(client, run).parameters.theta
    for index, value in ((0, 0.1), (12_995, -1e6), (7_421, 1e-30)):
        body = {"index": index, "value": value, "apply": True}
        response = client.post(f"/api/runs/{run}/nudge", json=body)
        assert response.status_code == 200, response.text
        told = response.json()
        assert told["before"] == before[index]
        assert told["after"] == np.float32(value)
        assert network_of(client, run).parameters.theta[index] == np.float32(value)
        at_once = nudged(client, run, index, 0)
        assert at_once["cost"] == pytest.approx(told["measured"], rel=1e-6)
        body["value"] = told["before"]
        assert client.post(f"/api/runs/{run}/nudge", json=body).json()["after"] == before[index]
    after = network_of(client, run).parameters.theta
    assert after.tobytes() == before.tobytes()


def test_an_amount_or_a_value_is_asked_for(client: Client) -> None:
    for body in ({"index": 0}, {"index": 0, "amount": 1, "value": 1}):
        response = client.post("/api/runs/pretrained/nudge", json=body)
        assert response.status_code == 422
        assert [problem["loc"] for problem in response.json()["detail"]] == [["body", "amount"]]


def test_a_run_that_trains_goes_on_when_it_is_nudged(client: Client, watch: Watch) -> None:
    run = client.run(epochs=None)
    watcher = watch(run)
    watcher.until("epoch")
    for index in range(3):
        nudged(client, run, index, -0.5, apply=True)
        watcher.until("epoch")
    assert client.get(f"/api/runs/{run}").json()["status"] == "training"


def test_a_run_that_was_nudged_goes_on_from_where_it_stopped(client: Client, watch: Watch) -> None:
    networks = []
    for stops in (False, True):
        run = client.run(epochs=1, steps_per_second=0.01)
        client.command(run, "step")
        nudged(client, run, 13_001, 0.25, apply=True)
        if stops:
            client.command(run, "stop")
        client.patch(f"/api/runs/{run}", json={"steps_per_second": None})
        client.command(run, "resume")
        watch(run).until_status("finished")
        networks.append(network_of(client, run).parameters.theta)
    np.testing.assert_array_equal(networks[0], networks[1])


def test_what_does_not_train_is_not_nudged(client: Client, watch: Watch) -> None:
    finished = client.run(epochs=1, train_examples=50)
    watch(finished).until_status("finished")
    for run, words in (("pretrained", "pretrained"), (finished, "finished")):
        body = {"index": 0, "amount": 1, "apply": True}
        response = client.post(f"/api/runs/{run}/nudge", json=body)
        assert response.status_code == 409, response.text
        assert words in response.json()["detail"]
    assert client.post("/api/runs/no/nudge", json={"index": 0, "amount": 1}).status_code == 404


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ('{"index": 13002, "amount": 1}', "index", "13,002 parameters: 0 to 13,001"),
        ('{"index": 1e30, "amount": 1}', "index", "integer"),
        ('{"index": -1, "amount": 1}', "index", "greater"),
        ('{"index": 1.5, "amount": 1}', "index", "integer"),
        ('{"amount": 1}', "index", "required"),
        ('{"index": 0, "amount": NaN}', "amount", "finite"),
        ('{"index": 0, "amount": 1e999}', "amount", "finite"),
        ('{"index": 0, "amount": 1001}', "amount", "less"),
        ('{"index": 0, "amount": 1, "reach": 0}', "reach", "greater"),
        ('{"index": 0, "amount": 1, "reach": 1001}', "reach", "less"),
        ('{"index": 0, "amount": 1, "reach": 1e999}', "reach", "finite"),
        ('{"index": 0, "amount": 1, "apply": 1}', "apply", "boolean"),
        ('{"index": 0, "amount": 1, "aply": true}', "aply", "no such field"),
    ],
)
def test_a_nudge_that_can_not_be_made_is_told(
    client: Client, body: str, field: str, words: str
) -> None:
    headers = {"Content-Type": "application/json"}
    response = client.post("/api/runs/pretrained/nudge", content=body, headers=headers)
    assert response.status_code == 422, response.text
    (problem,) = response.json()["detail"]
    assert problem["loc"][1] == field
    assert words in problem["msg"]

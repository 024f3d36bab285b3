import base64
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from nn_core import Network, checkpoints, load_dataset
from nn_core.sensitivity import nudge_costs
from tests.app.clients import Client, Watch


def test_the_kept_epochs_are_listed(client: Client, watch: Watch) -> None:
    run = client.run(epochs=3)
    watch(run).until_status("finished")
    assert client.get(f"/api/runs/{run}/checkpoints").json() == [0, 1, 2, 3]
    assert client.get("/api/runs/nobodys/checkpoints").status_code == 404


def test_of_a_long_run_every_few_epochs_are_listed(client: Client, watch: Watch) -> None:
    run = client.run(epochs=200, batch_size="full", train_examples=1, hidden=[1])
    watch(run).until_status("finished")
    kept = client.get(f"/api/runs/{run}/checkpoints").json()
    assert {*range(0, 201, 4)} <= {*kept}
    assert len(kept) <= 52  # and the best
    assert client.get(f"/api/runs/{run}/checkpoint?epoch={kept[-1]}").status_code == 200


def test_examples_to_test_with_come_round_again(client: Client) -> None:
    test = load_dataset("digits-5k").test
    for index, place in ((0, 0), (999, 999), (1000, 0), (123_456, 456)):
        example = client.get(f"/api/datasets/digits-5k/test/{index}").json()
        assert (example["index"], example["label"]) == (place, test.labels[place])
        np.testing.assert_allclose(example["image"], test.images[place] / 255, atol=5e-5)


def test_examples_that_are_not_there(client: Client) -> None:
    assert client.get("/api/datasets/nothing/test/0").status_code == 404
    assert client.get("/api/datasets/digits-5k/test/-1").status_code == 422
    response = client.get("/api/datasets/mnist/test/0")
    assert response.status_code == 409
    assert "download it" in response.json()["detail"]


# Mistakes


def test_the_mistakes_of_a_run(client: Client, watch: Watch) -> None:
    run = client.run(epochs=2)
    watch(run).until_status("finished")
    now = client.get(f"/api/runs/{run}/mistakes").json()
    (*_, last) = client.get(f"/api/runs/{run}/epochs").json()
    assert (now["epoch"], now["step"], now["examples"]) == (2, 250, 1000)
    assert now["right"] == round(1000 * last["test_accuracy"])
    confusion = np.array(now["confusion"])
    assert confusion.shape == (10, 10)
    assert confusion.sum(axis=1).tolist() == [100] * 10
    assert np.trace(confusion) == now["right"]
    assert client.get(f"/api/runs/{run}/mistakes?epoch=2").json() == now

    assert len(now["wrong"]) == min(48, 1000 - now["right"])
    confidence = [wrong["confidence"] for wrong in now["wrong"]]
    assert confidence == sorted(confidence, reverse=True)
    for wrong in now["wrong"]:
        example = client.get(f"/api/datasets/digits-5k/test/{wrong['index']}").json()
        assert wrong["label"] == example["label"] != wrong["digit"]
        pixels = np.frombuffer(base64.b64decode(wrong["image"]), np.uint8)
        np.testing.assert_allclose(pixels / 255, example["image"], atol=5e-5)


def test_the_mistakes_of_an_earlier_epoch(client: Client) -> None:
    run = client.run(epochs=None, steps_per_second=2000)
    client.command(run, "pause")
    untrained = client.get(f"/api/runs/{run}/mistakes?epoch=0").json()
    assert (untrained["epoch"], untrained["step"]) == (0, 0)
    assert untrained["right"] < 300
    step = client.get(f"/api/runs/{run}").json()["step"]
    assert client.get(f"/api/runs/{run}/mistakes").json()["step"] == step
    assert client.get(f"/api/runs/{run}/mistakes?epoch=99").status_code == 404


# A nudge by hand


def nudged(client: Client, run: str, index: int, amount: float, **more: Any) -> dict[str, float]:
    body = {"index": index, "amount": amount, **more}
    response = client.post(f"/api/runs/{run}/nudge", json=body)
    assert response.status_code == 200, response.text
    costs: dict[str, float] = response.json()
    assert set(costs) == {"cost", "predicted", "measured"}
    return costs


def network_of(client: Client, run: str) -> Network:
    return checkpoints.load(client.get(f"/api/runs/{run}/checkpoint").content).network


def test_a_nudge_is_predicted_and_measured_on_the_runs_own_examples(
    client: Client, watch: Watch
) -> None:
    run = client.run(epochs=1, train_examples=700)
    watch(run).until_status("finished")
    costs = nudged(client, run, 12_999, 1e-4)

    network = network_of(client, run)
    examples = load_dataset("digits-5k").training.first(700)
    assert tuple(costs.values()) == pytest.approx(nudge_costs(network, examples, 12_999, 1e-4))
    assert costs["cost"] != costs["measured"]
    assert costs["measured"] - costs["cost"] == pytest.approx(
        costs["predicted"] - costs["cost"], rel=0.01
    )
    assert nudged(client, run, 12_999, 1e-4) == costs  # it was not done
    at_once = nudged(client, run, 12_999, 0)
    assert at_once["cost"] == at_once["predicted"] == at_once["measured"] == costs["cost"]


def test_a_nudge_is_measured_in_every_state(client: Client, watch: Watch) -> None:
    for name in ("pretrained", "pretrained-large"):
        assert nudged(client, name, 5, 0.1)["cost"] < 0.5
    run = client.run(epochs=None, steps_per_second=1000)
    nudged(client, run, 5, 0.1)
    client.command(run, "stop")
    nudged(client, run, 5, 0.1)
    diverged = client.run(
        activation="identity", output="softmax", cost="cross-entropy", learning_rate=1000
    )
    watch(diverged).until_status("diverged")
    nudged(client, diverged, 5, 0.1)


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

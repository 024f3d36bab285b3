"""The gradient, nudges and the way downhill: measured on a run's first 1,000 training examples."""

import json

import numpy as np
import pytest
import safetensors.numpy

from nn_core import checkpoints, load_dataset
from nn_core.descent_curve import along_gradient
from nn_core.sensitivity import cost_and_gradient
from tests.app.clients import PARAMETER_SHAPES, Client, Watch
from tests.app.routes.test_nudge import network_of, nudged
from tests.servers import Server


def gradient_of(
    client: Client, run: str, query: str = ""
) -> tuple[dict[str, str], np.typing.NDArray[np.float32]]:
    """Return the metadata of a run's gradient, and the gradient as one vector."""
    response = client.get(f"/api/runs/{run}/gradient{query}")
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/octet-stream"
    tensors = safetensors.numpy.load(response.content)
    layers = len(tensors) // 2
    names = [f"gradient.{kind}.{layer}" for layer in range(layers) for kind in KINDS]
    assert set(names) == set(tensors)
    assert all(tensor.dtype == np.float32 for tensor in tensors.values())
    vector = np.concatenate([tensors[name].ravel() for name in names])
    return checkpoints.read_metadata(response.content), vector


KINDS = ("weights", "biases")


def require_that_all_agree(client: Client, run: str) -> None:
    """A run's gradient, a nudge and the way downhill tell the same story of the same examples."""
    metadata, gradient = gradient_of(client, run)
    descent = client.get(f"/api/runs/{run}/descent").json()
    for index in (5, int(abs(gradient).argmax()), len(gradient) - 1):
        nudge = nudged(client, run, index, 1e-6)
        assert np.float32(nudge["slope"]) == gradient[index]
        change = nudge["predicted"] - nudge["cost"]
        rounding = 1e-14 * nudge["cost"]
        assert nudge["measured"] - nudge["cost"] == pytest.approx(change, rel=1e-3, abs=rounding)
    assert metadata["examples"] == str(nudge["examples"]) == str(descent["examples"])
    cost = json.loads(metadata["cost"])
    assert [nudge["cost"], descent["cost"]] == pytest.approx([cost, cost], rel=1e-12)
    for place in ("epoch", "step"):
        assert metadata[place] == str(descent[place])
    assert descent["costs"][0] == descent["cost"]


# The gradient


def test_the_gradient_of_a_run(client: Client, watch: Watch) -> None:
    run = client.run(epochs=2, l2=0.1, dropout=0.5, augment=True)
    watch(run).until_status("finished")
    file = client.get(f"/api/runs/{run}/gradient").content
    tensors = safetensors.numpy.load(file)
    assert {name: tensor.shape for name, tensor in tensors.items()} == {
        f"gradient.{name}": shape for name, shape in PARAMETER_SHAPES.items()
    }
    metadata, vector = gradient_of(client, run)
    assert set(metadata) == {"epoch", "step", "examples", "cost"}
    assert (metadata["epoch"], metadata["step"], metadata["examples"]) == ("2", "250", "1000")
    examples = load_dataset("digits-5k").training.first(1000)
    cost, gradient = cost_and_gradient(network_of(client, run), examples)
    assert json.loads(metadata["cost"]) == pytest.approx(cost, rel=1e-12)
    np.testing.assert_allclose(vector, gradient.theta, rtol=1e-6, atol=1e-12)


def test_the_gradient_after_an_earlier_epoch(client: Client) -> None:
    metadata, untrained = gradient_of(client, "pretrained", "?epoch=0")
    assert (metadata["epoch"], metadata["step"]) == ("0", "0")
    _, now = gradient_of(client, "pretrained")
    assert np.linalg.norm(untrained) > 3 * np.linalg.norm(now)
    assert np.array_equal(gradient_of(client, "pretrained", "?epoch=40")[1], now)
    assert client.get("/api/runs/pretrained/gradient?epoch=39").status_code == 404
    assert client.get("/api/runs/nothing/gradient").status_code == 404


def test_a_gradient_that_one_has_is_not_sent_again(client: Client) -> None:
    run = client.run(steps_per_second=0.01)
    client.command(run, "step")
    first = client.get(f"/api/runs/{run}/gradient")
    known = {"If-None-Match": first.headers["etag"]}
    same = client.get(f"/api/runs/{run}/gradient", headers=known)
    assert (same.status_code, same.content) == (304, b"")
    client.command(run, "step")
    other = client.get(f"/api/runs/{run}/gradient", headers=known)
    assert other.status_code == 200
    assert other.content != first.content


# The way downhill


def test_the_way_downhill(client: Client, watch: Watch) -> None:
    run = client.run(epochs=1, train_examples=600, learning_rate=0.5)
    watch(run).until_status("finished")
    told = client.get(f"/api/runs/{run}/descent").json()
    expected = along_gradient(
        network_of(client, run), load_dataset("digits-5k").training.first(600), 0.5
    )
    assert told.pop("epoch") == 1
    assert told.pop("step") == 19
    assert set(told) == set(expected._fields)
    assert told["examples"] == 600
    assert told["learning_rate"] == 0.5
    for name, figures in expected._asdict().items():
        assert told[name] == pytest.approx(figures, rel=1e-9)
    untrained = client.get(f"/api/runs/{run}/descent?epoch=0").json()
    assert (untrained["epoch"], untrained["step"]) == (0, 0)
    assert untrained["cost"] > told["cost"]
    assert client.get(f"/api/runs/{run}/descent?epoch=7").status_code == 404


def test_it_knows_the_rate_of_today(client: Client) -> None:
    run = client.run(steps_per_second=0.01, learning_rate=0.25)
    client.command(run, "pause")
    for rate in (2.0, 0.0, 1e6):
        client.patch(f"/api/runs/{run}", json={"learning_rate": rate}).raise_for_status()
        descent = client.get(f"/api/runs/{run}/descent").json()
        assert descent["learning_rate"] == rate
        assert rate in descent["rates"]


def test_a_cost_that_overflows_is_null(client: Client) -> None:
    run = client.run(
        hidden=[8] * 16,
        activation="identity",
        output="identity",
        learning_rate=1e6,
        steps_per_second=0.01,
    )
    client.command(run, "pause")
    nudged(client, run, 784 * 8, 1000, apply=True)
    descent = client.get(f"/api/runs/{run}/descent")
    assert descent.status_code == 200
    assert "Infinity" not in descent.text
    costs = descent.json()["costs"]
    assert costs[0] is not None
    assert costs[-1] is None
    assert descent.json()["best"] in descent.json()["rates"]


# In every state, and for everybody


def test_all_is_measured_in_every_state(client: Client, watch: Watch) -> None:
    for name in ("pretrained", "pretrained-large"):
        require_that_all_agree(client, name)
    run = client.run(epochs=None, steps_per_second=1000)
    nudged(client, run, 5, 0.1)
    assert client.get(f"/api/runs/{run}/descent").status_code == 200
    client.command(run, "pause")
    require_that_all_agree(client, run)
    client.command(run, "stop")
    require_that_all_agree(client, run)
    diverged = client.run(
        activation="identity", output="softmax", cost="cross-entropy", learning_rate=1000
    )
    watch(diverged).until_status("diverged")
    require_that_all_agree(client, diverged)


def test_somebody_else_may_measure_and_not_change(client: Client, server: Server) -> None:
    run = client.run(steps_per_second=0.01)
    client.command(run, "step")
    client.command(run, "pause")
    with Client(base_url=server.url) as other:
        require_that_all_agree(other, run)
        assert nudged(other, run, 0, 1, reach=1) == nudged(client, run, 0, 1, reach=1)
        body = {"index": 0, "amount": 1, "apply": True}
        assert other.post(f"/api/runs/{run}/nudge", json=body).status_code == 403

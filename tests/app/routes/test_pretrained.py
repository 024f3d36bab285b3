"""The pretrained networks have what a finished run has, with no data set on the server."""

import base64
import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from app.runs.ledger import EPOCH_FIGURES
from nn_core import checkpoints, load_dataset
from tests.app.clients import Client, Watch
from tests.app.drawings import drawing
from tests.server_thread import StartServer
from tests.servers import PATIENCE

NAMES = ["pretrained", "pretrained-large"]
KEPT = {"pretrained": [0, 1, 2, 4, 8, 16, 32, 40], "pretrained-large": [25]}


def figures_of(client: Client, name: str, query: str = "") -> list[dict[str, Any]]:
    epochs: list[dict[str, Any]] = client.get(f"/api/runs/{name}/epochs{query}").json()
    return epochs


@pytest.mark.parametrize("name", NAMES)
def test_every_epochs_figures_are_there(client: Client, name: str) -> None:
    run = client.get(f"/api/runs/{name}").json()
    figures = figures_of(client, name)
    assert [epoch["epoch"] for epoch in figures] == list(range(1, run["epoch"] + 1))
    for epoch in figures:
        assert epoch["type"] == "epoch"
        assert set(epoch) == {"type", *EPOCH_FIGURES}
        assert len(epoch["gradient_norms"]) == 3
    last = figures[-1]
    assert (last["step"], last["test_accuracy"]) == (run["step"], run["test_accuracy"])
    assert f"{run['test_accuracy']:.1%}" in run["reason"]
    assert figures[0]["cost"] > 2 * last["cost"]
    assert figures_of(client, name, f"?after={run['epoch'] - 2}") == figures[-2:]
    table = client.get(f"/api/runs/{name}/epochs?format=csv").text
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [float(row["test_cost"]) for row in rows] == [epoch["test_cost"] for epoch in figures]


@pytest.mark.parametrize("name", NAMES)
def test_a_viewer_is_greeted_with_the_history_and_the_gradient(
    client: Client, watch: Watch, name: str
) -> None:
    figures = figures_of(client, name)
    watcher = watch(name)
    hello = watcher.receive()
    assert isinstance(hello, dict)
    assert hello["epochs"] == figures
    frame = watcher.receive()
    assert isinstance(frame, bytes)
    assert checkpoints.read_metadata(frame)["step"] == str(hello["run"]["step"])
    tensors = safetensors.numpy.load(frame)
    for layer, norm in enumerate(figures[-1]["gradient_norms"]):
        parts = [tensors[f"gradient.{kind}.{layer}"].ravel() for kind in ("weights", "biases")]
        length = np.linalg.norm(np.concatenate(parts).astype(float))
        assert length == pytest.approx(norm, rel=0.01)
    watcher.say('{"type": "watch", "tensors": "gradient"}')
    gradient = {key for key in tensors if key.startswith("gradient.")}
    assert set(safetensors.numpy.load(watcher.frame())) == gradient
    assert client.get(f"/api/runs/{name}/frame").content == frame


def test_only_later_epochs_are_sent_to_who_has_the_others(watch: Watch) -> None:
    (hello,) = watch("pretrained", "?after=38").until("hello")
    assert [epoch["epoch"] for epoch in hello["epochs"]] == [39, 40]


@pytest.mark.parametrize("name", NAMES)
def test_the_kept_epochs_are_checkpoints_that_read(client: Client, name: str) -> None:
    kept = client.get(f"/api/runs/{name}/checkpoints").json()
    assert kept == KEPT[name]
    steps = {0: 0} | {epoch["epoch"]: epoch["step"] for epoch in figures_of(client, name)}
    digits = load_dataset("digits-5k").training.first(500)
    x, _ = digits.batch(np.arange(len(digits)))
    right = []
    for epoch in kept:
        file = client.get(f"/api/runs/{name}/checkpoint?epoch={epoch}").content
        checkpoint = checkpoints.load(file)
        assert checkpoint.metadata["epoch"] == str(epoch)
        assert checkpoint.metadata["step"] == str(steps[epoch])
        assert checkpoint.kind is not None
        read = checkpoint.network.forward(x)[-1].argmax(axis=1)
        right.append(np.mean(read == digits.labels))
        answer = client.post(f"/api/runs/{name}/predict?epoch={epoch}", content=drawing())
        assert answer.status_code == 200
        image = np.array([answer.json()["image"]], np.float32)
        outputs = checkpoint.network.forward(image)[-1][0]
        np.testing.assert_allclose(answer.json()["outputs"], outputs, rtol=1e-4, atol=1e-6)
    assert right[-1] > 0.9
    assert right[0] < 0.3 or kept[0] > 0
    assert all(after > 0.8 for after in right[1:])
    assert file == client.get(f"/api/runs/{name}/checkpoint").content


def test_an_epoch_that_is_not_kept_is_told(client: Client) -> None:
    for call in ("checkpoint", "mistakes"):
        answer = client.get(f"/api/runs/pretrained/{call}?epoch=3")
        assert answer.status_code == 404
        assert "there are 0, 1, 2, 4, 8, 16, 32, 40" in answer.json()["detail"]


@pytest.mark.parametrize("name", NAMES)
def test_the_mistakes_came_with_the_network(client: Client, name: str) -> None:
    run = client.get(f"/api/runs/{name}").json()
    found = client.get(f"/api/runs/{name}/mistakes").json()
    assert client.get(f"/api/runs/{name}/mistakes?epoch={run['epoch']}").json() == found
    assert (found["epoch"], found["step"]) == (run["epoch"], run["step"])
    assert found["examples"] == 10_000
    assert found["right"] == round(10_000 * run["test_accuracy"])
    confusion = np.array(found["confusion"])
    assert (confusion.sum(), np.trace(confusion)) == (10_000, found["right"])
    assert len(found["wrong"]) == 48
    network = checkpoints.load(client.get(f"/api/runs/{name}/checkpoint").content).network
    for wrong in found["wrong"]:
        image = np.frombuffer(base64.b64decode(wrong["image"]), np.uint8)
        outputs = network.forward(image[np.newaxis] * np.float32(1 / 255))[-1][0]
        assert wrong["digit"] == outputs.argmax() != wrong["label"]
        assert wrong["confidence"] == pytest.approx(outputs.max(), abs=1e-4)


def test_the_mistakes_of_its_earlier_epochs_need_the_test_set(client: Client) -> None:
    """It is MNIST's: the network has seen the digits that are here."""
    response = client.get("/api/runs/pretrained/mistakes?epoch=1")
    assert response.status_code == 409
    assert "mnist is not here" in response.json()["detail"]


def test_where_mnist_is_here_the_mistakes_are_the_same(
    start_server: StartServer, mnist_data_dir: Path
) -> None:
    server = start_server(data_dir=mnist_data_dir)
    test = load_dataset("mnist", mnist_data_dir).test
    with Client(base_url=server.url, timeout=PATIENCE) as client:
        figures = figures_of(client, "pretrained")
        for name in NAMES:
            found = client.get(f"/api/runs/{name}/mistakes").json()
            for wrong in found["wrong"]:
                assert wrong["label"] == test.labels[wrong["index"]]
                image = base64.b64decode(wrong["image"])
                assert image == test.images[wrong["index"]].tobytes()
        for epoch in KEPT["pretrained"][1:-1]:
            found = client.get(f"/api/runs/pretrained/mistakes?epoch={epoch}").json()
            assert found["right"] / 10_000 == pytest.approx(
                figures[epoch - 1]["test_accuracy"], abs=0.001
            )

"""The walk over HTTP: by_hand, traced, with what a run's network reads in a picture."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from nn_core import by_hand, checkpoints
from nn_core.walk import walk
from tests.app.clients import Client, Watch
from tests.app.drawings import drawing
from tests.pictures import cut_out, file_of, seven
from tests.server_thread import StartServer


def walked(
    client: Client, run: str, query: str = "", body: bytes | None = None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the tensors and the metadata of a walk."""
    response = client.post(f"/api/runs/{run}/walk{query}", content=body or drawing())
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/octet-stream"
    return safetensors.numpy.load(response.content), checkpoints.read_metadata(response.content)


def predicted(client: Client, run: str, query: str = "", body: bytes | None = None) -> Any:
    return client.post(f"/api/runs/{run}/predict{query}", content=body or drawing()).json()


@pytest.mark.parametrize("run", ["pretrained", "pretrained-large"])
@pytest.mark.parametrize("query", ["", "?pad=true"])
@pytest.mark.parametrize("body", [drawing(), file_of(cut_out("black")), file_of(seven())])
def test_it_walks_through_what_predict_reads(
    client: Client, run: str, query: str, body: bytes
) -> None:
    reading = predicted(client, run, query, body)
    tensors, metadata = walked(client, run, query, body)
    assert metadata["digit"] == str(reading["digit"])
    assert tensors["truth"].tolist() == np.eye(10)[reading["digit"]].tolist()
    assert tensors["x"].tolist() == reading["image"]
    for layer, activations in enumerate(reading["activations"]):
        np.testing.assert_allclose(tensors[f"activations.{layer}"], activations, rtol=1e-4)
    np.testing.assert_allclose(tensors["activations.2"], reading["outputs"], atol=1e-6)
    assert {tensor.dtype for tensor in tensors.values()} == {np.dtype(np.float64)}


def test_it_is_the_library_s_walk(client: Client) -> None:
    file = client.get("/api/runs/pretrained/checkpoint").content
    described = client.get("/api/runs/pretrained").json()
    tensors, metadata = walked(client, "pretrained", "?truth=7")
    network = checkpoints.load(file).network
    rate = described["spec"]["learning_rate"]
    expected = walk(network, tensors["x"], np.eye(10)[7], rate)
    assert tensors.keys() == expected.tensors.keys()
    for name, tensor in tensors.items():
        np.testing.assert_allclose(tensor, expected.tensors[name], rtol=1e-12)
    assert json.loads(metadata["steps"]) == [step._asdict() for step in expected.steps]
    assert float(metadata["learning_rate"]) == rate
    assert (metadata["epoch"], metadata["step"]) == (
        str(described["epoch"]),
        str(described["step"]),
    )
    assert json.loads(metadata["activation"]) == list(network.activation_names)
    assert metadata["output"] == described["spec"]["output"]
    assert metadata["cost"] == described["spec"]["cost"]


def test_the_source_is_the_installed_file(client: Client) -> None:
    _, metadata = walked(client, "pretrained")
    source = json.loads(metadata["source"])
    installed = Path(by_hand.__file__).read_bytes()
    assert source.keys() == {"file", "sha256", "text"}
    assert source["sha256"] == hashlib.sha256(installed).hexdigest()
    assert source["text"].encode() == installed


@pytest.mark.parametrize(
    "spec",
    [
        {"hidden": [], "output": "softmax", "cost": "cross-entropy"},
        {"hidden": [5], "activation": "relu", "output": "identity"},
        {"hidden": [6, 5], "activation": ["tanh", "leaky-relu"], "output": "softmax"},
    ],
)
def test_any_run_of_anybody_can_be_walked_through(
    client: Client, watch: Watch, spec: dict[str, Any]
) -> None:
    run = client.run(epochs=1, train_examples=320, **spec)
    watch(run).until_status("finished")
    with Client(base_url=client.base_url) as somebody_else:
        tensors, metadata = walked(somebody_else, run, "?truth=3")
        reading = predicted(somebody_else, run)
    assert (metadata["epoch"], metadata["step"]) == ("1", "10")
    last = len(spec["hidden"])
    np.testing.assert_allclose(tensors[f"activations.{last}"], reading["outputs"], atol=1e-6)
    assert np.isfinite(tensors["parameters.theta"]).all()


def test_a_kept_epoch_can_be_walked_through_in_every_state(client: Client, watch: Watch) -> None:
    run = client.run(epochs=None, train_examples=320, steps_per_second=50, learning_rate=0.25)
    watcher = watch(run)
    while checkpoints.read_metadata(watcher.frame())["step"] == "0":
        pass
    tensors, metadata = walked(client, run)  # while it trains: the network that the viewers see
    assert int(metadata["step"]) > 0
    assert metadata["learning_rate"] == "0.25"
    client.command(run, "pause")
    client.patch(f"/api/runs/{run}", json={"learning_rate": 0.125})
    untrained, metadata = walked(client, run, "?epoch=0")
    assert (metadata["epoch"], metadata["step"]) == ("0", "0")
    assert metadata["learning_rate"] == "0.125"
    file = client.get(f"/api/runs/{run}/checkpoint?epoch=0").content
    weights = safetensors.numpy.load(file)["weights.0"]
    assert np.array_equal(untrained["weights.0"], weights)
    assert not np.array_equal(tensors["weights.0"], untrained["weights.0"])
    response = client.post(f"/api/runs/{run}/walk?epoch=99", content=drawing())
    assert response.status_code == 404


@pytest.mark.parametrize("truth", ["-1", "10", "1e9", "seven", "99999999999999999999"])
def test_a_truth_that_is_no_class_is_told_at_its_field(client: Client, truth: str) -> None:
    response = client.post(f"/api/runs/pretrained/walk?truth={truth}", content=drawing())
    assert response.status_code == 422
    assert [problem["loc"] for problem in response.json()["detail"]] == [["query", "truth"]]


def test_a_network_that_is_too_wide_is_told(start_server: StartServer) -> None:
    server = start_server(max_walk_parameters=13_002)
    with Client(base_url=server.url) as client:
        assert walked(client, "pretrained")
        response = client.post("/api/runs/pretrained-large/walk", content=drawing())
        assert response.status_code == 422
        (problem,) = response.json()["detail"]
        assert problem["loc"] == ["path", "run_id"]
        assert "too wide to walk through" in problem["msg"]
        assert "235,146" in problem["msg"]
        assert "13,002" in problem["msg"]


@pytest.mark.parametrize(
    ("body", "status"), [(b"", 400), (b"hello", 400), (file_of(seven().point(lambda _: 0)), 422)]
)
def test_what_is_no_picture_is_refused_as_by_predict(
    client: Client, body: bytes, status: int
) -> None:
    answers = [
        client.post(f"/api/runs/pretrained/{call}", content=body) for call in ("predict", "walk")
    ]
    assert [answer.status_code for answer in answers] == [status, status]
    assert answers[0].json() == answers[1].json()
    assert client.post("/api/runs/nobodys/walk", content=drawing()).status_code == 404

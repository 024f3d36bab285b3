"""Why a network reads what it reads, over HTTP."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nn_core import Network, checkpoints, load_dataset
from nn_core.attribution import integrated_gradients
from nn_core.wanted import excitement
from tests.app.clients import Client, Watch
from tests.app.drawings import drawing
from tests.server_thread import StartServer

DIGITS = load_dataset("digits-5k")


def png(image: np.ndarray[Any, Any]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(image.reshape(28, 28).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def network_of(client: Client, run: str, query: str = "") -> Network:
    return checkpoints.load(client.get(f"/api/runs/{run}/checkpoint{query}").content).network


def asked(client: Client, call: str, body: bytes | None = None) -> dict[str, Any]:
    response = client.post(f"/api/runs/{call}", content=body or drawing())
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


@pytest.mark.parametrize("run", ["pretrained", "pretrained-large"])
@pytest.mark.parametrize("baseline", ["empty", "mean"])
def test_an_explanation_is_the_library_s_and_adds_up(
    client: Client, run: str, baseline: str
) -> None:
    reading = asked(client, f"{run}/predict")
    told = asked(client, f"{run}/explain?baseline={baseline}")
    assert told["digit"] == reading["digit"]
    assert told["image"] == reading["image"]
    assert told["output"] == pytest.approx(reading["confidence"], rel=1e-4)
    mean = DIGITS.training.images[:1000].mean(axis=0) / 255
    expected_baseline = np.zeros(784) if baseline == "empty" else mean
    np.testing.assert_allclose(told["baseline"], expected_baseline, rtol=1e-12)
    expected = integrated_gradients(
        network_of(client, run), np.array(told["image"]), expected_baseline, told["digit"]
    )
    np.testing.assert_allclose(told["attributions"], expected.attributions, atol=1e-12)
    assert told["sum"] == pytest.approx(sum(told["attributions"]))
    difference = told["output"] - told["baseline_output"]
    assert told["sum"] == pytest.approx(difference, rel=0.01, abs=1e-3)


def test_any_output_of_any_kept_epoch_can_be_explained(client: Client, watch: Watch) -> None:
    run = client.run(epochs=2, train_examples=320, hidden=[5], output="softmax")
    watch(run).until_status("finished")
    for query in ("?digit=3", "?digit=3&epoch=0", "?digit=0&pad=true&silence=0:1"):
        told = asked(client, f"{run}/explain{query}")
        assert told["digit"] == int(query[7])
        difference = told["output"] - told["baseline_output"]
        assert told["sum"] == pytest.approx(difference, rel=0.01, abs=1e-3)
    response = client.post(f"/api/runs/{run}/explain?epoch=9", content=drawing())
    assert response.status_code == 404


@pytest.mark.parametrize("run", ["pretrained", "pretrained-large"])
def test_a_flipped_image_is_read_so_by_predict(client: Client, run: str) -> None:
    bodies = [drawing(), *(png(image) for image in DIGITS.test.images[:5])]
    for number, body in enumerate(bodies):
        reading = asked(client, f"{run}/predict", body)
        to = (reading["digit"] + 1 + number) % 10
        told = asked(client, f"{run}/flip?to={to}", body)
        image = np.array(told["image"])
        change = np.linalg.norm(image - reading["image"])
        assert told["change"] == pytest.approx(change, rel=1e-6)
        shades = np.rint(255 * image)
        np.testing.assert_allclose(shades / 255, image, atol=1e-12)
        for query in ("", "?pad=true"):
            flipped = asked(client, f"{run}/predict{query}", png(shades))
            assert flipped["digit"] == to
            assert np.allclose(flipped["image"], image, atol=1e-6)  # it is read as it is
        large = np.repeat(np.repeat(shades.reshape(28, 28), 10, axis=0), 10, axis=1)
        file = io.BytesIO()
        Image.fromarray(large.astype(np.uint8)).save(file, "PNG")
        assert asked(client, f"{run}/predict", file.getvalue())["digit"] == to


def test_a_digit_that_nothing_is_read_as_is_told(client: Client) -> None:
    run = client.run(initializer="zeros", hidden=[], steps_per_second=0.01)
    client.command(run, "pause")
    response = client.post(f"/api/runs/{run}/flip?to=3", content=drawing())
    assert response.status_code == 409
    assert "read as 3" in response.json()["detail"]


def test_wants_excite_more_than_any_training_example(client: Client) -> None:
    network = network_of(client, "pretrained").in_64_bits()
    x, _ = DIGITS.training.batch(np.arange(1000), np.float64)
    for layer, neuron in ((0, 3), (1, 5), (2, 8)):
        told = client.get(f"/api/runs/pretrained/wants?layer={layer}&neuron={neuron}").json()
        among = excitement(network, x, layer, neuron)[0]
        assert told["example_excitement"] == pytest.approx(among.max())
        assert np.allclose(told["example_image"], x[among.argmax()])
        assert told["examples"] == 1000
        for prefix in ("", "smooth_", "example_"):
            image = np.array(told[f"{prefix}image"])[None]
            assert image.min() >= 0
            assert image.max() <= 1
            excited = excitement(network, image, layer, neuron)[0][0]
            assert told[f"{prefix}excitement"] == pytest.approx(excited)
            activation = network.forward(image)[layer][0, neuron]
            assert told[f"{prefix}activation"] == pytest.approx(activation)
        assert min(told["excitement"], told["smooth_excitement"]) > told["example_excitement"]


@pytest.mark.parametrize(
    ("call", "field"),
    [
        ("explain?digit=10", "digit"),
        ("explain?digit=-1", "digit"),
        ("explain?baseline=noise", "baseline"),
        ("explain?silence=2:0", "silence"),
        ("flip", "to"),
        ("flip?to=10", "to"),
        ("wants?layer=3&neuron=0", "layer"),
        ("wants?layer=2&neuron=10", "neuron"),
        ("wants?layer=0", "neuron"),
    ],
)
def test_what_is_not_there_is_told_at_its_field(client: Client, call: str, field: str) -> None:
    method = "GET" if call.startswith("wants") else "POST"
    response = client.request(method, f"/api/runs/pretrained/{call}", content=drawing())
    assert response.status_code == 422
    assert [problem["loc"][:2] for problem in response.json()["detail"]] == [["query", field]]


def test_a_network_that_is_too_wide_is_told(start_server: StartServer) -> None:
    server = start_server(max_experiment_parameters=13_002)
    with Client(base_url=server.url) as client:
        asked(client, "pretrained/explain")
        for call in ("explain", "flip?to=3"):
            response = client.post(f"/api/runs/pretrained-large/{call}", content=drawing())
            assert response.status_code == 422
            (problem,) = response.json()["detail"]
            assert problem["loc"] == ["path", "run_id"]
            assert "235,146" in problem["msg"]


@pytest.mark.parametrize("call", ["explain", "flip?to=1"])
def test_what_is_no_picture_is_refused_as_by_predict(client: Client, call: str) -> None:
    for body in (b"", b"hello", png(np.zeros(784))):
        refused = client.post("/api/runs/pretrained/predict", content=body)
        response = client.post(f"/api/runs/pretrained/{call}", content=body)
        assert response.status_code == refused.status_code
        assert response.json() == refused.json()

"""Silenced neurons over HTTP: a lens that agrees with NumPy on an edited checkpoint."""

from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from nn_core import Network, checkpoints, load_dataset
from nn_core.mistakes import find_mistakes
from tests.app.clients import Client, Watch
from tests.app.drawings import drawing

DIGITS = load_dataset("digits-5k")


def edited(client: Client, run: str, neurons: list[tuple[int, int]]) -> Network:
    """Return the network of a checkpoint in which nothing comes from these neurons."""
    network = checkpoints.load(client.get(f"/api/runs/{run}/checkpoint").content).network
    for layer, neuron in neurons:
        network.parameters.weights[layer + 1][:, neuron] = 0
    return network


def asked(client: Client, call: str, silence: str) -> dict[str, Any]:
    response = client.post(f"/api/runs/{call}{silence}", content=drawing())
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


NEURONS = [(0, 2), (0, 9), (1, 5)]
SILENCE = "?silence=0:2&silence=0:9&silence=1:5"


def test_predict_agrees_with_an_edited_checkpoint(client: Client) -> None:
    told = asked(client, "pretrained/predict", SILENCE)
    network = edited(client, "pretrained", NEURONS)
    outputs = network.forward(np.array([told["image"]], np.float32))[-1][0]
    np.testing.assert_allclose(told["outputs"], outputs, rtol=1e-4, atol=1e-7)
    for layer, neuron in NEURONS:
        assert told["activations"][layer][neuron] == 0
    assert asked(client, "pretrained/predict", "")["outputs"] != told["outputs"]  # a lens


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "leaky-relu"])
def test_it_works_on_somebody_else_s_run_while_it_trains(
    client: Client, watch: Watch, activation: str
) -> None:
    run = client.run(epochs=1, train_examples=320, activation=activation)
    watch(run).until_status("finished")
    with Client(base_url=client.base_url) as somebody_else:
        told = asked(somebody_else, f"{run}/predict", SILENCE)
        outputs = edited(client, run, NEURONS).forward(np.array([told["image"]], np.float32))[-1]
        np.testing.assert_allclose(told["outputs"], outputs[0], rtol=1e-4)
        mistakes = somebody_else.get(f"/api/runs/{run}/mistakes{SILENCE}").json()
        expected = find_mistakes(edited(client, run, NEURONS), DIGITS.test, 0)
        assert mistakes["confusion"] == expected.confusion.tolist()
        response = somebody_else.post(f"/api/runs/{run}/walk{SILENCE}", content=drawing())
        tensors = safetensors.numpy.load(response.content)
        np.testing.assert_allclose(tensors["activations.2"], told["outputs"], rtol=1e-4)
        assert [tensors[f"activations.{layer}"][neuron] for layer, neuron in NEURONS] == [0, 0, 0]


def test_a_pretrained_network_s_mistakes_without_neurons_are_on_digits_that_are_here(
    client: Client,
) -> None:
    told = client.get(f"/api/runs/pretrained/mistakes{SILENCE}").json()
    expected = find_mistakes(edited(client, "pretrained", NEURONS), DIGITS.test, 48)
    assert told["confusion"] == expected.confusion.tolist()
    assert (told["examples"], told["right"]) == (1000, expected.right)


@pytest.mark.parametrize("silence", ["2:0", "0:16", "0", "a:b", "0:-1", "-1:0", "0:1:2"])
def test_what_is_no_hidden_neuron_is_told_at_its_field(client: Client, silence: str) -> None:
    for call in ("predict", "walk", "explain", "mistakes"):
        method = "GET" if call == "mistakes" else "POST"
        response = client.request(
            method, f"/api/runs/pretrained/{call}?silence={silence}", content=drawing()
        )
        assert response.status_code == 422, call
        assert response.json()["detail"][0]["loc"][:2] == ["query", "silence"]

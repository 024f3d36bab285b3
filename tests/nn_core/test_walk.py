"""The walk: by_hand's own lines, in order, and what each of them assigned."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Network, by_hand, checkpoints
from nn_core.datasets import Dataset
from nn_core.walk import Step, Walk, save, walk
from tests.nn_core.by_autograd import cost_of_theta, gradient_by_autograd
from tests.nn_core.toy_problems import ACTIVATION_NAMES, OUTPUT_COST_PAIRS
from tests.nn_core.walks import assert_each_line_assigns_its_name, walked


def assert_gradient_is(walk: Walk, layers: int, expected: Any, tolerance: float = 1e-9) -> None:
    found = np.concatenate(
        [
            walk.tensors[f"gradient.{part}.{layer}"].ravel()
            for layer in range(layers)
            for part in ("weights", "biases")
        ]
    )
    # Beside the largest element, one that is far smaller is a difference of rounded numbers.
    smallest = 1e-6 * np.abs(expected).max()
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance * smallest)


@st.composite
def networks(draw: st.DrawFn, activation: str, output: str, cost: str) -> Network:
    hidden = draw(st.lists(st.integers(1, 9), max_size=3))
    names = [draw(st.sampled_from([activation, *ACTIVATION_NAMES])) for _ in hidden[1:]]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    first = [activation] if hidden else []
    network = Network([784, *hidden, 10], [*first, *names], output, cost, np.float64)
    network.parameters.theta[:] = rng.normal(0, 0.2, network.parameters.theta.size)
    return network


@pytest.mark.parametrize(("output", "cost"), OUTPUT_COST_PAIRS)
@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
@given(data=st.data())
def test_the_gradient_is_that_of_automatic_differentiation(
    digits: Dataset, activation: str, output: str, cost: str, data: st.DataObject
) -> None:
    network = data.draw(networks(activation, output, cost))
    x, y = digits.test.batch(np.array([data.draw(st.integers(0, 999))]), np.float64)
    found = walk(network, x[0], y[0], 0.5)
    layers = len(network.parameters.weights)
    assert_gradient_is(found, layers, gradient_by_autograd(network, x, y))
    expected = cost_of_theta(network.parameters.theta, network, x, y)
    assert found.tensors["cost"] == pytest.approx(expected, rel=1e-9)
    outputs = network.forward(x)[-1][0]
    np.testing.assert_allclose(found.tensors[f"activations.{layers - 1}"], outputs, rtol=1e-9)
    assert_each_line_assigns_its_name(found)


@pytest.mark.parametrize(("output", "cost"), OUTPUT_COST_PAIRS)
@pytest.mark.parametrize("hidden", [[], [5], [5, 4], [4, 4, 4]])
def test_what_each_tensor_is(hidden: list[int], output: str, cost: str) -> None:
    network, found = walked(hidden, "tanh", output, cost)
    tensors = found.tensors
    last = len(hidden)
    assert all(tensor.dtype == np.float64 for tensor in tensors.values())
    assert tensors["cost"].shape == ()
    a = tensors["x"]
    for layer in range(last + 1):
        weights, biases = tensors[f"weights.{layer}"], tensors[f"biases.{layer}"]
        assert np.array_equal(weights, network.parameters.weights[layer])
        np.testing.assert_allclose(tensors[f"z.{layer}"], weights @ a + biases, rtol=1e-12)
        C_over_z = tensors[f"C_over_z.{layer}"]
        before = tensors[f"C_over_activations.{layer - 1}" if layer else "C_over_x"]
        np.testing.assert_allclose(before, weights.T @ C_over_z, rtol=1e-12)
        by_definition = np.outer(C_over_z, a)
        np.testing.assert_allclose(tensors[f"gradient.weights.{layer}"], by_definition, rtol=1e-12)
        assert np.array_equal(tensors[f"gradient.biases.{layer}"], C_over_z)
        a = tensors[f"activations.{layer}"]
        if layer < last:
            np.testing.assert_allclose(a, np.tanh(tensors[f"z.{layer}"]), rtol=1e-12)
            through = tensors[f"C_over_activations.{layer}"] * (1 - a**2)
            np.testing.assert_allclose(C_over_z, through, rtol=1e-9)
    forward = ["weights", "biases", "z", "activations"]
    backward = ["C_over_activations", "C_over_z", "gradient.weights", "gradient.biases"]
    names = {f"{name}.{layer}" for name in forward + backward for layer in range(last + 1)}
    assert set(tensors) == names | {"x", "truth", "cost", "C_over_x", "parameters.theta"}


@pytest.mark.parametrize(("output", "cost"), OUTPUT_COST_PAIRS)
def test_how_the_cost_changes_with_the_outputs_and_the_inputs(output: str, cost: str) -> None:
    """The chain from the outputs to their z, also where it is not the way it is computed."""
    _, found = walked([4], "tanh", output, cost)
    a, C_over_a = found.tensors["activations.1"], found.tensors["C_over_activations.1"]
    a_over_z = {
        "sigmoid": np.diag(a * (1 - a)),
        "softmax": np.diag(a) - np.outer(a, a),
        "identity": np.eye(len(a)),
    }[output]
    np.testing.assert_allclose(C_over_a @ a_over_z, found.tensors["C_over_z.1"], rtol=1e-9)


def test_the_order_tells_the_story() -> None:
    _, found = walked([5, 4])
    forward = [
        ("forward_one_example", layer, name, f"{tensor}.{layer}")
        for layer in range(3)
        for name, tensor in (("z", "z"), ("activations_this_layer", "activations"))
    ]
    cost = [
        ("gradient_one_example", None, "y_pred", "activations.2"),
        ("gradient_one_example", None, "cost", "cost"),
        ("gradient_one_example", 2, "C_over_activations", "C_over_activations.2"),
    ]
    backward = [
        ("gradient_one_example", of_layer, name, tensor)
        for layer in (2, 1, 0)
        for of_layer, name, tensor in (
            (layer, "z", f"z.{layer}"),
            (layer, "activations_previous_layer", f"activations.{layer - 1}" if layer else "x"),
            (layer, "C_over_z", f"C_over_z.{layer}"),
            (layer, "C_over_weights", f"gradient.weights.{layer}"),
            (layer, "C_over_biases", f"gradient.biases.{layer}"),
            (layer - 1, "C_over_activations", f"C_over_activations.{layer - 1}")
            if layer
            else (None, "C_over_activations", "C_over_x"),
        )
    ]
    nudge = [("nudge", None, "parameters.theta", "parameters.theta")]
    told = [(step.function, step.layer, step.name, step.tensor) for step in found.steps]
    assert told == [*forward, *cost, *backward, *nudge]


def test_the_nudge_is_made_with_a_copy_of_the_parameters() -> None:
    network, found = walked([5, 4], learning_rate=0.25)
    before = network.parameters.theta
    gradient = gradient_by_autograd(network, found.tensors["x"][None], found.tensors["truth"][None])
    after = before - 0.25 * gradient
    np.testing.assert_allclose(found.tensors["parameters.theta"], after, rtol=1e-12)
    assert np.array_equal(found.tensors["weights.0"].ravel(), before[:35])


def test_outputs_that_are_rounded_to_0_and_1_have_finite_derivatives() -> None:
    for output in ("sigmoid", "softmax"):
        network = Network([2, 3], [], output, "cross-entropy", np.float64)
        network.parameters.biases[0][:] = -2000, 2000, 0
        found = walk(network, np.zeros(2), np.eye(3)[0], 0.5)
        assert all(np.isfinite(tensor).all() for tensor in found.tensors.values())
        assert np.array_equal(found.tensors["C_over_z.0"][:2], [-1, 1])
        assert found.tensors["cost"] == pytest.approx(4000, rel=1e-3)


def test_a_truth_or_an_image_of_another_shape_is_refused() -> None:
    network = Network([4, 3])
    for x, truth in ((np.zeros(5), np.eye(3)[0]), (np.zeros(4), np.eye(4)[0])):
        with pytest.raises(ValueError, match="this network takes"):
            walk(network, x, truth, 0.5)


def test_the_file_has_it_all() -> None:
    _, found = walked([5, 4])
    file = save(found, {"epoch": "3"})
    metadata = checkpoints.read_metadata(file)
    tensors = safetensors.numpy.load(file)
    assert tensors.keys() == found.tensors.keys()
    assert all(np.array_equal(tensors[name], found.tensors[name]) for name in tensors)
    assert metadata["epoch"] == "3"
    assert [Step(**step) for step in json.loads(metadata["steps"])] == found.steps
    source = json.loads(metadata["source"])
    installed = Path(by_hand.__file__).read_bytes()
    assert source["file"] == "nn_core/by_hand.py"
    assert source["sha256"] == hashlib.sha256(installed).hexdigest()
    assert source["text"].encode() == installed

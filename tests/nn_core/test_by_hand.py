"""by_hand is for reading, Network for use: they must be the same algorithm."""

import re
import subprocess
import sys

import numpy as np
import pytest

from nn_core import Network, by_hand
from nn_core.parameters import FloatArray
from tests.nn_core.toy_problems import (
    ACTIVATION_NAMES,
    OUTPUT_COST_PAIRS,
    random_batch,
    random_network,
)

EXAMPLES = 6
PRECISIONS = pytest.mark.parametrize(
    ("dtype", "rounding"), [(np.float64, 1e-12), (np.float32, 1e-4)]
)


def a_network_and_a_batch(
    dtype: type[np.floating], hidden: tuple[int, ...] = (5, 4)
) -> tuple[Network, FloatArray, FloatArray]:
    rng = np.random.default_rng(0)
    sizes = [7, *hidden, 3]
    drawn = random_network(sizes, "sigmoid", "sigmoid", "squared-error", rng)
    x, y = random_batch(drawn, EXAMPLES, rng)
    network = Network(sizes, dtype=dtype)
    network.parameters.theta[:] = drawn.parameters.theta
    return network, x.astype(dtype), y.astype(dtype)


@PRECISIONS
def test_forward_and_cost(dtype: type[np.floating], rounding: float) -> None:
    network, x, y = a_network_and_a_batch(dtype)
    layers = network.forward(x)
    for row in range(EXAMPLES):
        weighted, activations = by_hand.forward_one_example(network.parameters, x[row])
        assert len(weighted) == 3
        assert np.array_equal(activations[0], x[row])
        for one, batch in zip(activations[1:], layers, strict=True):
            np.testing.assert_allclose(one, batch[row], rtol=rounding)
        cost = by_hand.cost_one_example(activations[-1], y[row])
        in_a_batch = network.evaluate(x[[row]], y[[row]]).cost
        assert cost == pytest.approx(in_a_batch, rel=rounding)


@PRECISIONS
@pytest.mark.parametrize("hidden", [(), (5,), (5, 4), (4, 4, 4)])
def test_the_gradient_of_each_example(
    dtype: type[np.floating], rounding: float, hidden: tuple[int, ...]
) -> None:
    network, x, y = a_network_and_a_batch(dtype, hidden)
    gradient = network.parameters.zeros_like()
    for row in range(EXAMPLES):
        network.backpropagate(x[[row]], y[[row]], gradient)
        _, one = by_hand.gradient_one_example(network.parameters, x[row], y[row])
        assert one.theta.dtype == dtype
        np.testing.assert_allclose(one.theta, gradient.theta, rtol=rounding, atol=rounding / 100)


@PRECISIONS
def test_the_mean_over_the_examples_and_the_step(dtype: type[np.floating], rounding: float) -> None:
    network, x, y = a_network_and_a_batch(dtype)
    before = network.parameters.copy()
    gradient = network.parameters.zeros_like()
    batch = network.backpropagate(x, y, gradient)

    cost = by_hand.gradient_descent_step(network.parameters, x, y, learning_rate=0.5)

    mean = sum(by_hand.gradient_one_example(before, x[i], y[i])[1].theta for i in range(EXAMPLES))
    np.testing.assert_allclose(gradient.theta, mean / EXAMPLES, rtol=rounding, atol=rounding / 100)
    nudged = before.theta - 0.5 * gradient.theta
    np.testing.assert_allclose(network.parameters.theta, nudged, rtol=rounding, atol=rounding)
    assert cost == pytest.approx(batch.cost / EXAMPLES, rel=rounding)  # before the nudge


@pytest.mark.parametrize("weights_times", [1, 300])  # 300: outputs that are rounded to 0 and 1
@pytest.mark.parametrize(("output", "cost"), OUTPUT_COST_PAIRS)
@pytest.mark.parametrize("activation", [*ACTIVATION_NAMES, ["tanh", "relu"]])
def test_every_choice(
    activation: str | list[str], output: str, cost: str, weights_times: float
) -> None:
    rng = np.random.default_rng(1)
    network = random_network([7, 5, 4, 3], activation, output, cost, rng)
    network.parameters.theta *= weights_times
    x, y = rng.random((EXAMPLES, 7)), np.eye(3)[rng.integers(0, 3, EXAMPLES)]
    choices = by_hand.Choices(activation, output, cost)
    gradient = network.parameters.zeros_like()
    for row in range(EXAMPLES):
        with np.errstate(over="ignore"):
            in_a_batch = network.backpropagate(x[[row]], y[[row]], gradient).cost
        cost_of_one, one = by_hand.gradient_one_example(network.parameters, x[row], y[row], choices)
        assert cost_of_one == pytest.approx(in_a_batch, rel=1e-11, abs=1e-11)
        np.testing.assert_allclose(one.theta, gradient.theta, rtol=1e-9, atol=1e-13)
        read = by_hand.read_digit(network.parameters, x[row], choices)
        assert read == network.forward(x[[row]])[-1].argmax()

    before = network.parameters.copy()
    with np.errstate(over="ignore"):
        network.backpropagate(x, y, gradient)
    by_hand.gradient_descent_step(network.parameters, x, y, 0.5, choices)
    nudged = before.theta - 0.5 * gradient.theta
    np.testing.assert_allclose(network.parameters.theta, nudged, rtol=1e-9, atol=1e-12)


def test_what_it_reads_is_the_largest_output() -> None:
    network, x, _ = a_network_and_a_batch(np.float64)
    read = [by_hand.read_digit(network.parameters, one) for one in x]
    assert read == network.forward(x)[-1].argmax(axis=1).tolist()


def test_it_leaves_examples_and_parameters_alone() -> None:
    network, x, y = a_network_and_a_batch(np.float64)
    before = network.parameters.theta.copy(), x.copy(), y.copy()
    by_hand.gradient_one_example(network.parameters, x[0], y[0])
    by_hand.read_digit(network.parameters, x[0])
    for now, then in zip((network.parameters.theta, x, y), before, strict=True):
        assert np.array_equal(now, then)


def test_the_module_trains_a_network_and_tells_of_it() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "nn_core.by_hand"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    assert "13,002 parameters" in done.stdout
    lines = re.findall(r"epoch +(\d+): cost ([\d.]+), reads ([\d.]+)%", done.stdout)
    epochs = [int(epoch) for epoch, _, _ in lines]
    costs = [float(cost) for _, cost, _ in lines]
    read = [float(share) for _, _, share in lines]
    assert epochs == list(range(1, len(epochs) + 1))
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] < costs[0] / 5
    assert read[-1] > 75


def test_the_sigmoid_of_minus_a_thousand_is_0() -> None:
    assert by_hand.sigmoid(np.array([-1000.0])) == 0  # and a warning would fail the test

"""Backpropagation against two other ways to find a gradient: differences, and autograd."""

from collections.abc import Callable
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from nn_core import Hyperparameters, Network, train
from nn_core.datasets import Examples
from nn_core.descent import add_penalties
from nn_core.events import Snapshot, TakeSnapshot
from nn_core.network import dropout_mask
from nn_core.parameters import FloatArray, Parameters
from tests.nn_core.by_autograd import (
    ACTIVATION_DEFINITIONS,
    cost_of_theta,
    gradient_by_autograd,
    layers_of,
)
from tests.nn_core.toy_problems import (
    ACTIVATION_NAMES,
    OUTPUT_COST_PAIRS,
    random_batch,
    random_network,
)

TOLERANCE = 1e-6
SEEDS = (0, 1, 2)


def gradient_by_differences(network: Network, x: FloatArray, y: FloatArray) -> FloatArray:
    """Nudge one parameter at a time a little up and a little down, and look at the cost."""
    theta = network.parameters.theta
    gradient = np.zeros_like(theta)
    step = 1e-5
    for index, value in enumerate(theta.tolist()):
        theta[index] = value + step
        above = network.evaluate(x, y).cost / len(x)
        theta[index] = value - step
        below = network.evaluate(x, y).cost / len(x)
        theta[index] = value
        gradient[index] = (above - below) / (2 * step)
    return gradient


def gradient_by_backpropagation(network: Network, x: FloatArray, y: FloatArray) -> FloatArray:
    gradient = network.parameters.zeros_like()
    network.backpropagate(x, y, gradient)
    return gradient.theta


def gradient_by_compiled_loops(network: Network, x: FloatArray, y: FloatArray) -> FloatArray:
    """Let a training make one step that changes nothing, and ask it for its gradient."""
    images = np.rint(x * 255).astype(np.uint8)
    examples = Examples(images, y.argmax(axis=1).astype(np.uint8), y.shape[1])
    still = Hyperparameters(learning_rate=0, batch_size="full")
    training = train(network, examples, None, still, compiled=True)
    next(training)
    next(training)
    snapshot = training.send(TakeSnapshot())
    assert isinstance(snapshot, Snapshot)
    return snapshot.gradient.theta


def largest_relative_error(gradient: FloatArray, reference: FloatArray, floor: float) -> float:
    """The largest difference, relative to the element or, if that is larger, to a share of the
    largest element: the difference method can't see elements that are far smaller."""
    assert np.abs(reference).max() > 1e-4, "a gradient of nothing proves nothing"
    scale = np.maximum(np.abs(gradient), np.abs(reference))
    return float(np.max(np.abs(gradient - reference) / np.maximum(scale, floor * scale.max())))


def away_from_kinks(
    layer_sizes: list[int], activation: str | list[str], output: str, cost: str, seed: int
) -> tuple[Network, FloatArray, FloatArray]:
    """Return a network and a batch no neuron of which has a weighted input near 0.

    ReLU has no derivative there, and differences would reach across.
    """
    rng = np.random.default_rng(seed)
    while True:
        network = random_network(layer_sizes, activation, output, cost, rng)
        x, y = random_batch(network, 4, rng)
        a = x
        smallest = []
        for name, (weights, biases) in zip(
            network.activation_names,
            layers_of(network.parameters.theta, network.layer_sizes),
            strict=False,
        ):
            z = a @ weights.T + biases
            smallest.append(np.abs(z).min())
            a = ACTIVATION_DEFINITIONS[name](z)
        if min(smallest, default=1) > 1e-3:
            return network, x, y


GradientOf = Callable[[Network, FloatArray, FloatArray], FloatArray]


@pytest.fixture(params=[gradient_by_backpropagation, gradient_by_compiled_loops])
def gradient_of(request: pytest.FixtureRequest) -> GradientOf:
    if request.param is gradient_by_compiled_loops:
        request.getfixturevalue("compiled_loops")
    return request.param


every_pair = pytest.mark.parametrize(("output", "cost"), OUTPUT_COST_PAIRS)
every_activation = pytest.mark.parametrize("activation", ACTIVATION_NAMES)
every_seed = pytest.mark.parametrize("seed", SEEDS)


@every_seed
@every_pair
@every_activation
def test_backpropagation_agrees_with_central_differences(
    gradient_of: GradientOf, activation: str, output: str, cost: str, seed: int
) -> None:
    network, x, y = away_from_kinks([6, 5, 4, 3], activation, output, cost, seed)
    gradient = gradient_of(network, x, y)
    reference = gradient_by_differences(network, x, y)
    assert largest_relative_error(gradient, reference, floor=1e-2) < TOLERANCE


@every_seed
@every_pair
@every_activation
def test_backpropagation_agrees_with_automatic_differentiation(
    gradient_of: GradientOf, activation: str, output: str, cost: str, seed: int
) -> None:
    network, x, y = away_from_kinks([6, 5, 4, 3], activation, output, cost, seed)
    gradient = gradient_of(network, x, y)
    reference = gradient_by_autograd(network, x, y)
    assert largest_relative_error(gradient, reference, floor=1e-6) < TOLERANCE
    expected_cost = cost_of_theta(network.parameters.theta, network, x, y)
    assert network.evaluate(x, y).cost / len(x) == pytest.approx(expected_cost, rel=1e-12)


@every_pair
@pytest.mark.parametrize(
    "hidden", [[], [1], [7], [3, 4, 5], [4, 4, 4, 4, 4]], ids=lambda hidden: f"hidden{hidden}"
)
def test_any_number_of_layers_of_any_width(
    gradient_of: GradientOf, output: str, cost: str, hidden: list[int]
) -> None:
    network, x, y = away_from_kinks([5, *hidden, 3], "tanh", output, cost, seed=3)
    gradient = gradient_of(network, x, y)
    by_differences = gradient_by_differences(network, x, y)
    assert largest_relative_error(gradient, by_differences, floor=1e-2) < TOLERANCE
    by_autograd = gradient_by_autograd(network, x, y)
    assert largest_relative_error(gradient, by_autograd, floor=1e-6) < TOLERANCE


@every_pair
def test_a_different_activation_in_each_layer(
    gradient_of: GradientOf, output: str, cost: str
) -> None:
    names = ["relu", "sigmoid", "leaky-relu", "tanh", "identity"]
    network, x, y = away_from_kinks([5, 4, 3, 4, 3, 4, 3], names, output, cost, seed=4)
    gradient = gradient_of(network, x, y)
    reference = gradient_by_autograd(network, x, y)
    assert largest_relative_error(gradient, reference, floor=1e-6) < TOLERANCE


@every_activation
def test_with_dropout_the_gradient_is_that_of_the_thinned_network(activation: str) -> None:
    dropout = 0.4
    network, x, y = away_from_kinks([6, 5, 4, 3], activation, "softmax", "cross-entropy", seed=5)
    gradient = network.parameters.zeros_like()
    network.backpropagate(x, y, gradient, dropout=dropout, rng=np.random.default_rng(7))

    rng = np.random.default_rng(7)
    masks = [dropout_mask((len(x), neurons), dropout, rng) for neurons in (5, 4)]

    reference = gradient_by_autograd(network, x, y, masks)
    assert largest_relative_error(gradient.theta, reference, floor=1e-6) < TOLERANCE


@pytest.mark.parametrize(("l1", "l2"), [(0.3, 0.0), (0.0, 0.2), (0.3, 0.2), (0.0, 0.0)])
def test_penalties_against_automatic_differentiation(l1: float, l2: float) -> None:
    network, x, y = away_from_kinks([6, 5, 4, 3], "sigmoid", "softmax", "cross-entropy", seed=6)

    def penalized_cost(theta: Any) -> Any:
        total = cost_of_theta(theta, network, x, y)
        for weights, _ in layers_of(theta, network.layer_sizes):
            total += l1 * anp.sum(anp.abs(weights)) + l2 / 2 * anp.sum(weights**2)
        return total

    gradient = network.parameters.zeros_like()
    network.backpropagate(x, y, gradient)
    add_penalties(gradient, network.parameters, l1, l2)

    reference = autograd.grad(penalized_cost)(network.parameters.theta.copy())
    assert largest_relative_error(gradient.theta, reference, floor=1e-6) < TOLERANCE


@every_pair
@pytest.mark.parametrize("rows_of_a_chunk", [1, 2, 3, 7])
def test_the_gradients_of_chunks_sum_to_that_of_the_batch(
    output: str, cost: str, rows_of_a_chunk: int
) -> None:
    rng = np.random.default_rng(8)
    network = random_network([6, 5, 3], "sigmoid", output, cost, rng)
    x, y = random_batch(network, 7, rng)
    whole = gradient_by_backpropagation(network, x, y)

    total = np.zeros_like(whole)
    chunk: Parameters = network.parameters.zeros_like()
    for first in range(0, len(x), rows_of_a_chunk):
        rows = slice(first, first + rows_of_a_chunk)
        network.backpropagate(x[rows], y[rows], chunk, average_over=len(x))
        total += chunk.theta

    np.testing.assert_allclose(total, whole, rtol=1e-12, atol=1e-15)


def test_the_check_itself_sees_a_wrong_gradient() -> None:
    network, x, y = away_from_kinks([6, 5, 4, 3], "tanh", "sigmoid", "squared-error", seed=9)
    reference = gradient_by_autograd(network, x, y)
    wrong = reference.copy()
    wrong[np.abs(wrong).argmax()] *= 1 + 1e-5
    assert largest_relative_error(wrong, reference, floor=1e-2) > TOLERANCE

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Network, evaluate
from nn_core.sensitivity import cost_and_gradient, nudge_costs
from tests.nn_core.toy_problems import (
    ACTIVATION_NAMES,
    CLASSES,
    OUTPUT_COST_PAIRS,
    PIXELS,
    random_network,
    toy_examples,
    toy_network,
)

PARAMETERS = toy_network().parameters.theta.size
EXAMPLES = toy_examples(40)
SMOOTH = ("sigmoid", "tanh", "identity")


def smooth_network(activation: str = "tanh", seed: int = 0) -> Network:
    rng = np.random.default_rng(seed)
    return random_network([PIXELS, 5, 4, CLASSES], activation, "softmax", "cross-entropy", rng)


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
@pytest.mark.parametrize(("output", "cost"), OUTPUT_COST_PAIRS)
def test_what_is_predicted_follows_the_central_difference(
    activation: str, output: str, cost: str
) -> None:
    rng = np.random.default_rng(1)
    network = random_network([PIXELS, 5, 4, CLASSES], activation, output, cost, rng)
    for index in rng.integers(0, PARAMETERS, 10):
        costs = nudge_costs(network, EXAMPLES, int(index), 0.1)
        up = nudge_costs(network, EXAMPLES, int(index), 1e-6).measured
        down = nudge_costs(network, EXAMPLES, int(index), -1e-6).measured
        assert costs.slope == pytest.approx((up - down) / 2e-6, rel=1e-4, abs=1e-7)
        assert costs.predicted == costs.cost + 0.1 * costs.slope


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
@pytest.mark.parametrize(("output", "cost"), OUTPUT_COST_PAIRS)
def test_the_curve_is_what_evaluation_says(activation: str, output: str, cost: str) -> None:
    rng = np.random.default_rng(1)
    network = random_network([PIXELS, 5, 4, CLASSES], activation, output, cost, rng)
    for index in (0, 62, 65, 80, 88, PARAMETERS - 1):  # a weight or a bias of each layer
        costs = nudge_costs(network, EXAMPLES, index, 0.75, reach=3)
        assert costs.curve is not None
        amounts = [amount for amount, _ in costs.curve]
        np.testing.assert_allclose(amounts, np.linspace(-3, 3, 41), atol=1e-15)
        assert costs.curve[20] == (0, costs.cost)
        assert costs.curve[25] == (0.75, costs.measured)
        nudged = network.in_64_bits()
        for amount, measured in costs.curve:
            nudged.parameters.theta[index] = network.parameters.theta[index] + amount
            assert measured == pytest.approx(evaluate(nudged, EXAMPLES)[0], rel=1e-12)


def test_there_is_a_curve_only_where_one_is_asked_for() -> None:
    assert nudge_costs(toy_network(), EXAMPLES, 0, 1).curve is None


@given(index=st.integers(0, PARAMETERS - 1))
def test_the_slope_is_the_gradients_element(index: int) -> None:
    network = smooth_network()
    cost, gradient = cost_and_gradient(network, EXAMPLES)
    costs = nudge_costs(network, EXAMPLES, index, 1)
    assert costs.slope == gradient.theta[index]
    assert costs.cost == pytest.approx(cost, rel=1e-14)


def test_the_gradient_of_many_examples_is_that_of_one_batch() -> None:
    network, examples = smooth_network(), toy_examples(1200)
    x, y = examples.batch(np.arange(1200), np.float64)
    expected = network.parameters.zeros_like()
    network.backpropagate(x, y, expected)
    _, gradient = cost_and_gradient(network, examples)
    np.testing.assert_allclose(gradient.theta, expected.theta, rtol=1e-10, atol=1e-15)


def test_more_examples_than_a_chunk_has_are_one_batch() -> None:
    network, examples = smooth_network(), toy_examples(1200)
    costs = nudge_costs(network, examples, 7, 1e-6)
    assert costs.cost == pytest.approx(evaluate(network, examples)[0], rel=1e-12)
    assert costs.predicted == pytest.approx(costs.measured, rel=1e-9)


@given(index=st.integers(0, PARAMETERS - 1))
def test_no_nudge_changes_nothing(index: int) -> None:
    costs = nudge_costs(toy_network(), EXAMPLES, index, 0)
    assert costs.cost == costs.predicted == costs.measured


@given(index=st.integers(0, PARAMETERS - 1), amount=st.floats(-1000, 1000))
def test_the_prediction_is_a_straight_line(index: int, amount: float) -> None:
    network = smooth_network()
    one = nudge_costs(network, EXAMPLES, index, 1)
    costs = nudge_costs(network, EXAMPLES, index, amount)
    assert costs.cost == one.cost
    assert costs.predicted == pytest.approx(one.cost + amount * (one.predicted - one.cost))


@pytest.mark.parametrize("activation", SMOOTH)
def test_the_error_of_the_prediction_falls_with_the_square(activation: str) -> None:
    network = smooth_network(activation)
    for index in (0, 40, PARAMETERS - 1):
        errors = [
            costs.measured - costs.predicted
            for costs in (nudge_costs(network, EXAMPLES, index, amount) for amount in (1e-2, 1e-3))
        ]
        assert errors[0] / errors[1] == pytest.approx(100, rel=0.1)


def test_the_network_stays_as_it_is() -> None:
    network = toy_network()
    theta = network.parameters.theta.copy()
    nudge_costs(network, EXAMPLES, 3, 5)
    assert np.array_equal(network.parameters.theta, theta)


def test_32_bits_are_widened_first() -> None:
    """A nudge that is too small for float32 still shows in the cost."""
    costs = nudge_costs(toy_network(), EXAMPLES, 3, 1e-9)
    assert costs.measured != costs.cost
    assert costs.measured - costs.cost == pytest.approx(costs.predicted - costs.cost, rel=1e-4)


def test_a_cost_that_overflows_is_not_finite() -> None:
    network = toy_network(activation="identity", output="identity")
    network.parameters.theta[:] = 1e38
    network.parameters.weights[0][:] = 3e38
    assert not math.isfinite(nudge_costs(network, EXAMPLES, 0, 1e300).measured)


@pytest.mark.parametrize(
    ("index", "amount", "words"),
    [
        (-1, 1.0, "no parameter -1"),
        (PARAMETERS, 1.0, rf"no parameter {PARAMETERS}: .* from 0 to {PARAMETERS - 1}"),
        (0, math.nan, "finite"),
        (0, -math.inf, "finite"),
    ],
)
def test_what_can_not_be_nudged_is_told(index: int, amount: float, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        nudge_costs(toy_network(), EXAMPLES, index, amount)

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from nn_core import Hyperparameters, Network, evaluate, train
from nn_core.datasets import Dataset, Examples
from nn_core.descent_curve import DescentCurve, along_gradient, along_step
from nn_core.events import RecalledStep, RecallStep
from nn_core.parameters import FloatArray
from nn_core.sensitivity import cost_and_gradient
from tests.nn_core.toy_problems import (
    ACTIVATION_NAMES,
    CLASSES,
    OPTIMIZER_NAMES,
    OUTPUT_COST_PAIRS,
    PIXELS,
    random_network,
    toy_examples,
    toy_network,
)

EXAMPLES = toy_examples(40)


def cost_at(network: Network, theta: FloatArray, examples: Examples) -> float:
    """Return what ``evaluate`` says of the network with these parameters, in 64 bits."""
    copy = network.in_64_bits()
    copy.parameters.theta[:] = theta
    return evaluate(copy, examples)[0]


def require_a_picture(curve: DescentCurve) -> None:
    """It goes from 0 past the learning rate, in ascending steps, and knows its lowest point."""
    assert curve.rates[0] == 0
    assert curve.costs[0] == curve.cost
    assert all(low < high for low, high in pairwise(curve.rates))
    assert curve.learning_rate in curve.rates
    assert curve.rates[-1] >= 2 * curve.learning_rate
    assert 33 <= len(curve.rates) == len(curve.costs) <= 35
    best = curve.costs[curve.rates.index(curve.best)]
    assert best == min(cost for cost in curve.costs if math.isfinite(cost))


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
@pytest.mark.parametrize(("output", "cost"), OUTPUT_COST_PAIRS)
def test_it_is_what_evaluation_says(activation: str, output: str, cost: str) -> None:
    rng = np.random.default_rng(4)
    network = random_network([PIXELS, 5, 4, CLASSES], activation, output, cost, rng)
    theta = network.parameters.theta.copy()
    _, gradient = cost_and_gradient(network, EXAMPLES)
    for rate in (0.001, 0.3, 50.0):
        curve = along_gradient(network, EXAMPLES, rate)
        require_a_picture(curve)
        expected = [cost_at(network, theta - r * gradient.theta, EXAMPLES) for r in curve.rates]
        assert curve.costs == pytest.approx(expected, rel=1e-9)
        assert curve.examples == 40
    assert np.array_equal(network.parameters.theta, theta)


def test_a_small_rate_goes_down_by_the_gradients_square() -> None:
    """C(θ − r ∇C) ≈ C(θ) − r |∇C|²."""
    network = toy_network()
    _, gradient = cost_and_gradient(network, EXAMPLES)
    curve = along_gradient(network, EXAMPLES, 1e-4)
    place = curve.rates.index(1e-4)
    expected = -1e-4 * float(gradient.theta @ gradient.theta)
    assert curve.costs[place] - curve.cost == pytest.approx(expected, rel=1e-2)


@pytest.mark.parametrize("rate", [1e-3, 0.05, 1.0, 30.0, 1e6])
def test_it_shows_too_small_right_and_over_the_top(digits: Dataset, rate: float) -> None:
    network = Network([784, 16, 16, 10])
    network.initialize("xavier", np.random.default_rng(0))
    curve = along_gradient(network, digits.training.first(1000), rate)
    require_a_picture(curve)
    assert curve.examples == 1000
    # Where the lowest cost is within reach of a few octaves, the curve goes on to its other side.
    if 0.05 <= rate <= 30:
        assert 0 < curve.best < curve.rates[-1]
        assert curve.costs[-1] > min(curve.costs) < curve.cost


def test_a_rate_of_0_is_on_a_curve_of_others() -> None:
    curve = along_gradient(toy_network(), EXAMPLES, 0)
    require_a_picture(curve)
    assert curve.learning_rate == 0
    assert curve.rates[-1] > 0.01


def test_what_overflows_is_not_finite() -> None:
    network = toy_network((5, 4, 4), activation="identity", output="identity").in_64_bits()
    network.parameters.theta[:] = 1e30
    curve = along_gradient(network, EXAMPLES, 1.0)
    assert math.isfinite(curve.cost)
    assert not math.isfinite(curve.costs[-1])
    network.parameters.theta[:] = 1e200
    nothing = along_gradient(network, EXAMPLES, 1.0)
    assert not np.isfinite(nothing.costs).any()
    assert math.isnan(nothing.best)


# Along a step that a training has made


def step_of(
    network: Network, training_set: Examples, steps: int = 3, **chosen: Any
) -> RecalledStep:
    """Train the network for some steps; return the last one."""
    training = train(network, training_set, None, Hyperparameters(**{"batch_size": 8, **chosen}))
    for _ in range(steps + 1):
        next(training)
    recalled = training.send(RecallStep())
    assert isinstance(recalled, RecalledStep)
    return recalled


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
@pytest.mark.parametrize("more", [{}, {"augment": True, "dropout": 0.3, "l2": 0.01}])
def test_it_leads_to_where_the_step_led(optimizer: str, more: dict[str, Any]) -> None:
    network = toy_network()
    step = step_of(network, EXAMPLES, optimizer=optimizer, **more)
    curve = along_step(network, step)
    require_a_picture(curve)
    assert curve.examples == 8
    before = network.in_64_bits()
    for r, cost in zip(curve.rates, curve.costs, strict=True):
        before.parameters.theta[:] = step.theta
        before.parameters.theta += r / step.learning_rate * step.nudge.astype(np.float64)
        x, y = (part.astype(np.float64) for part in (step.x, step.y))
        assert cost == pytest.approx(before.evaluate(x, y).cost / 8, rel=1e-9)
    after = network.evaluate(step.x, step.y).cost / 8
    assert curve.costs[curve.rates.index(curve.learning_rate)] == pytest.approx(after, rel=1e-5)


def test_plain_gradient_descent_goes_along_minus_the_gradient() -> None:
    network = toy_network()
    training_set = EXAMPLES.first(8)
    step = step_of(network, training_set, steps=1, learning_rate=0.5)
    untrained = toy_network()
    theirs = along_gradient(untrained, training_set, 0.5)
    ours = along_step(network, step)
    assert ours.rates == theirs.rates
    assert ours.costs == pytest.approx(theirs.costs, rel=1e-5)


def test_of_a_large_batch_it_is_the_first_part() -> None:
    network = toy_network()
    step = step_of(network, toy_examples(1200), steps=1, batch_size="full")
    assert along_step(network, step).examples == 500


def test_a_step_that_went_nowhere_has_no_line() -> None:
    network = toy_network()
    with pytest.raises(ValueError, match="goes nowhere"):
        along_step(network, step_of(network, EXAMPLES, learning_rate=0.0))

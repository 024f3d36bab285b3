from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Network, evaluate
from nn_core.line import Line, in_parts
from nn_core.parameters import Parameters
from tests.nn_core.toy_problems import (
    ACTIVATION_NAMES,
    CLASSES,
    OUTPUT_COST_PAIRS,
    PIXELS,
    random_network,
    toy_examples,
    toy_network,
)

EXAMPLES = toy_examples(40)
TS = (0.0, 0.3, -2.0, 1e-7)


def moved(network: Network, direction: Parameters, t: float) -> Network:
    """Return the network at θ + t·d."""
    copy = network.in_64_bits()
    copy.parameters.theta += t * direction.theta
    return copy


def random_direction(network: Network, rng: np.random.Generator) -> Parameters:
    direction = network.in_64_bits().parameters.zeros_like()
    direction.theta[:] = rng.normal(size=direction.theta.size)
    return direction


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
@pytest.mark.parametrize(("output", "cost"), OUTPUT_COST_PAIRS)
def test_it_is_the_cost_of_the_moved_network(activation: str, output: str, cost: str) -> None:
    rng = np.random.default_rng(2)
    for hidden in ([], [5], [5, 4, 3]):
        sizes = [PIXELS, *hidden, CLASSES]
        network = random_network(sizes, activation, output, cost, rng)
        direction = random_direction(network, rng)
        for untouched in range(len(sizes) - 1):  # so many layers that the direction leaves alone
            for layer in direction.layers[:untouched]:
                layer[:] = 0
            line = Line(network, direction, in_parts(EXAMPLES))
            expected = [evaluate(moved(network, direction, t), EXAMPLES)[0] for t in TS]
            assert line.costs(TS) == pytest.approx(expected, rel=1e-12)


@given(index=st.integers(0, toy_network().parameters.theta.size - 1), t=st.floats(-10, 10))
def test_a_direction_may_be_one_parameter(index: int, t: float) -> None:
    network = toy_network(activation="tanh")
    direction = network.in_64_bits().parameters.zeros_like()
    direction.theta[index] = 1
    line = Line(network, direction, in_parts(EXAMPLES))
    expected, _ = evaluate(moved(network, direction, t), EXAMPLES)
    assert line.cost(t) == pytest.approx(expected, rel=1e-12)


def test_no_direction_goes_nowhere() -> None:
    network = toy_network()
    nowhere = network.in_64_bits().parameters.zeros_like()
    line = Line(network, nowhere, in_parts(EXAMPLES))
    assert line.cost(0) == line.cost(1000)
    assert line.cost(0) == pytest.approx(evaluate(network, EXAMPLES)[0], rel=1e-6)


def test_more_examples_than_a_chunk_has_are_one_batch() -> None:
    network, examples = toy_network().in_64_bits(), toy_examples(1200)
    line = Line(network, random_direction(network, np.random.default_rng(0)), in_parts(examples))
    assert line.examples == 1200
    assert line.cost(0) == pytest.approx(evaluate(network, examples)[0], rel=1e-12)


def test_the_order_of_what_is_measured_does_not_matter() -> None:
    network = toy_network()
    line = Line(network, random_direction(network, np.random.default_rng(0)), in_parts(EXAMPLES))
    theta = network.parameters.theta.copy()
    costs = line.costs(TS)
    assert line.costs(reversed(TS)) == costs[::-1]
    assert np.array_equal(network.parameters.theta, theta)


def test_what_overflows_is_not_finite() -> None:
    network = toy_network(activation="identity", output="identity")
    line = Line(network, random_direction(network, np.random.default_rng(0)), in_parts(EXAMPLES))
    costs = line.costs([0, 1, 1e100, 1e200])
    assert np.isfinite(costs).tolist() == [True, True, False, False]
    assert all(low < high for low, high in pairwise(costs[:3]))

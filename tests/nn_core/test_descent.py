"""Each optimizer against its rule written once more, for one parameter at a time."""

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn_core import Parameters, descent
from tests.nn_core.toy_problems import OPTIMIZER_NAMES

every_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)

# Each takes one parameter's gradients, and yields its nudges. The constants are PyTorch's.


def sgd(gradients: list[float], rate: float, _momentum: float) -> Iterator[float]:
    for g in gradients:
        yield -rate * g


def momentum(gradients: list[float], rate: float, momentum: float) -> Iterator[float]:
    for t in range(len(gradients)):  # the sum of all gradients so far, each fading
        yield -rate * sum(g * momentum ** (t - i) for i, g in enumerate(gradients[: t + 1]))


def nesterov(gradients: list[float], rate: float, momentum: float) -> Iterator[float]:
    for t, g in enumerate(gradients):
        v = sum(g_i * momentum ** (t - i) for i, g_i in enumerate(gradients[: t + 1]))
        yield -rate * (g + momentum * v)


def rmsprop(gradients: list[float], rate: float, _momentum: float) -> Iterator[float]:
    s = 0.0
    for g in gradients:
        s = 0.99 * s + 0.01 * g**2
        yield -rate * g / (math.sqrt(s) + 1e-8)


def adam(gradients: list[float], rate: float, _momentum: float) -> Iterator[float]:
    m = s = 0.0
    for t, g in enumerate(gradients, 1):
        m = 0.9 * m + 0.1 * g
        s = 0.999 * s + 0.001 * g**2
        yield -rate * (m / (1 - 0.9**t)) / (math.sqrt(s / (1 - 0.999**t)) + 1e-8)


RULES: dict[str, Callable[[list[float], float, float], Iterator[float]]] = {
    "sgd": sgd,
    "momentum": momentum,
    "nesterov": nesterov,
    "rmsprop": rmsprop,
    "adam": adam,
}


def started(optimizer: str, parameters: int = 4) -> descent.Descent:
    return descent.start(optimizer, Parameters([parameters - 1, 1], np.float64))


@every_optimizer
@given(
    gradients=hnp.arrays(np.float64, (6, 4), elements=st.floats(-100, 100, allow_subnormal=False)),
    rate=st.floats(1e-4, 10),
    factor=st.floats(0, 0.99),
)
def test_several_steps_follow_the_rule(
    optimizer: str, gradients: np.ndarray, rate: float, factor: float
) -> None:
    method = started(optimizer)
    nudge = np.full(4, np.nan)
    nudges = []
    for gradient in gradients:
        before = gradient.copy()
        method.nudge(gradient, rate, factor, nudge)
        assert np.array_equal(gradient, before)
        nudges.append(nudge.copy())

    expected = [list(RULES[optimizer](column, rate, factor)) for column in gradients.T.tolist()]

    np.testing.assert_allclose(nudges, np.transpose(expected), rtol=1e-9, atol=1e-12)
    assert method.steps == 6


@every_optimizer
def test_the_first_nudge_is_downhill_and_no_gradient_is_no_nudge(optimizer: str) -> None:
    nudge = np.full(4, np.nan)
    started(optimizer).nudge(np.array([2.0, -3.0, 0.0, 1e-3]), 0.1, 0.9, nudge)
    assert np.sign(nudge).tolist() == [-1, 1, 0, -1]


@every_optimizer
def test_a_change_of_rate_and_momentum_takes_effect_at_once(optimizer: str) -> None:
    method = started(optimizer)
    nudge = np.empty(4)
    method.nudge(np.ones(4), 0.1, 0.9, nudge)
    method.nudge(np.ones(4), 0.0, 0.5, nudge)
    assert not nudge.any()
    if optimizer == "momentum":
        method.nudge(np.ones(4), 1.0, 0.5, nudge)
        assert nudge.tolist() == [-1.75] * 4  # v: 1, then 0.5·1 + 1, then 0.5·1.5 + 1


@every_optimizer
def test_it_finds_the_bottom_of_a_bowl(optimizer: str) -> None:
    steepness = np.array([1.0, 3.0, 10.0, 0.3])
    rate = {"rmsprop": 0.01, "adam": 0.05}.get(optimizer, 0.02)
    theta = np.array([1.0, -2.0, 0.5, 3.0])
    method = started(optimizer)
    nudge = np.empty(4)
    for _ in range(2000):
        method.nudge(steepness * theta, rate, 0.9, nudge)
        theta += nudge
    np.testing.assert_allclose(theta, 0, atol=0.01)


@every_optimizer
def test_it_starts_with_nothing_remembered(optimizer: str) -> None:
    parameters = Parameters([3, 2, 2])
    method = descent.start(optimizer, parameters)
    assert method.steps == 0
    for vector in method.vectors:
        assert vector.shape == parameters.theta.shape
        assert vector.dtype == np.float32
        assert not vector.any()


def test_an_unknown_optimizer_is_told_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"'adagrad'.*sgd, momentum, nesterov, rmsprop, adam"):
        descent.start("adagrad", Parameters([3, 2]))


@every_optimizer
@pytest.mark.parametrize("cost", ["squared-error", "cross-entropy"])
def test_every_optimizer_and_cost_has_a_default_rate(optimizer: str, cost: str) -> None:
    assert 0 < descent.default_learning_rate(optimizer, cost) < 10


def test_penalties_spare_the_biases() -> None:
    parameters = Parameters([2, 2, 1], np.float64)
    parameters.theta[:] = [1, -2, 0, 4, 9, 9, -5, 6, 9]
    gradient = parameters.zeros_like()
    gradient.theta[:] = 1

    descent.add_penalties(gradient, parameters, l1=0.5, l2=0.1)

    assert gradient.biases[0].tolist() == [1, 1]
    assert gradient.biases[1].tolist() == [1]
    np.testing.assert_allclose(gradient.weights[0], [[1.6, 0.3], [1, 1.9]])
    np.testing.assert_allclose(gradient.weights[1], [[0, 2.1]])
    assert parameters.theta.tolist() == [1, -2, 0, 4, 9, 9, -5, 6, 9]

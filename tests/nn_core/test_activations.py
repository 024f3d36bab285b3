import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn_core.activations import ACTIVATIONS, softmax
from tests.nn_core.toy_problems import ACTIVATION_NAMES

DEFINITIONS: dict[str, Callable[[float], float]] = {
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "relu": lambda z: max(z, 0.0),
    "leaky-relu": lambda z: z if z > 0 else 0.01 * z,
    "identity": lambda z: z,
}
finite = st.floats(width=32, allow_nan=False, allow_infinity=False)
moderate = st.floats(-20, 20)


def test_the_activations_are_those_of_the_design() -> None:
    assert set(ACTIVATIONS) == set(ACTIVATION_NAMES)


@pytest.mark.parametrize("name", ACTIVATION_NAMES)
@given(z=hnp.arrays(np.float64, (2, 3), elements=moderate))
def test_it_is_its_definition(name: str, z: np.ndarray) -> None:
    expected = [[DEFINITIONS[name](value) for value in row] for row in z.tolist()]
    np.testing.assert_allclose(ACTIVATIONS[name].function(z.copy()), expected, rtol=1e-14)


@pytest.mark.parametrize("name", ACTIVATION_NAMES)
@given(z=st.floats(-5, 5))
def test_the_derivative_is_the_slope(name: str, z: float) -> None:
    if abs(z) < 1e-3:  # ReLU's kink: no slope there
        z = 1.0
    step = 1e-5
    f, derivative = ACTIVATIONS[name]
    slope = (f(np.array([z + step])) - f(np.array([z - step]))) / (2 * step)
    np.testing.assert_allclose(derivative(f(np.array([z]))), slope, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("name", ACTIVATION_NAMES)
@given(z=hnp.arrays(np.float32, (3, 4), elements=finite))
def test_no_finite_input_overflows(name: str, z: np.ndarray) -> None:
    f, derivative = ACTIVATIONS[name]
    with np.errstate(over="ignore"):  # e^−z on the way to the sigmoid
        a = f(z.copy())
    slope = derivative(a)
    assert a.dtype == slope.dtype == np.float32
    assert a.shape == slope.shape == z.shape
    assert np.isfinite(a).all()
    assert (slope >= 0).all()
    assert (slope <= 1).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("z", [1000.0, 1e30, np.inf])
def test_the_sigmoid_saturates(z: float, dtype: type[np.floating]) -> None:
    sigmoid, derivative = ACTIVATIONS["sigmoid"]
    with np.errstate(over="ignore"):
        a = sigmoid(np.array([-z, 0, z], dtype))
    assert a.tolist() == [0, 0.5, 1]
    assert derivative(a).tolist() == [0, 0.25, 0]


@pytest.mark.parametrize("name", ACTIVATION_NAMES)
def test_the_derivative_leaves_its_argument_alone(name: str) -> None:
    a = np.array([[0.1, 0.9], [0.0, 0.5]])
    before = a.copy()
    slope = ACTIVATIONS[name].derivative(a)
    assert not np.shares_memory(slope, a)
    assert np.array_equal(a, before)


def test_the_kinks_slope_is_that_of_the_negative_side() -> None:
    zero = np.zeros(1)
    assert ACTIVATIONS["relu"].derivative(zero).tolist() == [0]
    assert ACTIVATIONS["leaky-relu"].derivative(zero).tolist() == [0.01]


@given(hnp.arrays(np.float64, (3, 4), elements=moderate))
def test_softmax_is_its_definition(z: np.ndarray) -> None:
    expected = [[math.exp(v) / sum(math.exp(u) for u in row) for v in row] for row in z.tolist()]
    np.testing.assert_allclose(softmax(z.copy()), expected, rtol=1e-12)


@given(hnp.arrays(np.float32, (3, 4), elements=st.floats(-(2.0**100), 2.0**100, width=32)))
def test_softmax_is_a_distribution_for_each_example(z: np.ndarray) -> None:
    a = softmax(z.copy())
    assert (a >= 0).all()
    np.testing.assert_allclose(a.sum(axis=1), 1, rtol=1e-6)
    picked = a[np.arange(3), z.argmax(axis=1)]  # equal to the maximum, though there may be ties
    assert np.array_equal(picked, a.max(axis=1))

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn_core.costs import OUTPUTS_AND_COSTS
from tests.nn_core.toy_problems import OUTPUT_COST_PAIRS

moderate = st.floats(-10, 10)


def test_all_four_pairs_and_identity_with_squared_error_are_there() -> None:
    assert set(OUTPUTS_AND_COSTS) == set(OUTPUT_COST_PAIRS)


def definition(output: str, cost: str, z: list[float], y: list[float]) -> float:
    """The cost of one example, one output at a time, from the textbook."""
    if output == "softmax":
        total = sum(math.exp(value) for value in z)
        a = [math.exp(value) / total for value in z]
    else:
        a = [1 / (1 + math.exp(-v)) for v in z] if output == "sigmoid" else z
    pairs = list(zip(a, y, strict=True))
    if cost == "squared-error":
        return sum((a_j - y_j) ** 2 for a_j, y_j in pairs)
    if output == "softmax":
        return -sum(y_j * math.log(a_j) for a_j, y_j in pairs)
    return -sum(y_j * math.log(a_j) + (1 - y_j) * math.log(1 - a_j) for a_j, y_j in pairs)


@pytest.mark.parametrize(("output", "cost"), OUTPUT_COST_PAIRS)
@given(
    z=hnp.arrays(np.float64, (2, 3), elements=moderate),
    truth=st.lists(st.integers(0, 2), min_size=2, max_size=2),
)
def test_the_cost_is_its_definition(
    output: str, cost: str, z: np.ndarray, truth: list[int]
) -> None:
    pair = OUTPUTS_AND_COSTS[output, cost]
    y = np.eye(3)[truth]
    cost_of_both = pair.cost(z, pair.function(z.copy()), y)
    expected = [
        definition(output, cost, z_one, y_one)
        for z_one, y_one in zip(z.tolist(), y.tolist(), strict=True)
    ]
    assert cost_of_both == pytest.approx(sum(expected), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("output", "cost"), OUTPUT_COST_PAIRS)
@given(z=hnp.arrays(np.float64, (1, 3), elements=st.floats(-4, 4)), truth=st.integers(0, 2))
def test_delta_is_the_slope_of_the_cost(output: str, cost: str, z: np.ndarray, truth: int) -> None:
    function, cost_of, delta = OUTPUTS_AND_COSTS[output, cost]
    y = np.eye(3)[[truth]]

    def total(z: np.ndarray) -> float:
        return cost_of(z, function(z.copy()), y)

    step = 1e-5
    slope = [(total(z + step * e) - total(z - step * e)) / (2 * step) for e in np.eye(3)]
    np.testing.assert_allclose(delta(function(z.copy()), y), [slope], rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(("output", "cost"), OUTPUT_COST_PAIRS)
def test_arguments_are_left_alone(output: str, cost: str) -> None:
    function, cost_of, delta = OUTPUTS_AND_COSTS[output, cost]
    z = np.array([[1.0, -2.0, 0.5]])
    y = np.array([[0.0, 1.0, 0.0]])
    a = function(z.copy())
    before = z.copy(), a.copy(), y.copy()
    cost_of(z, a, y)
    result = delta(a, y)
    assert not np.shares_memory(result, a)
    for now, then in zip((z, a, y), before, strict=True):
        assert np.array_equal(now, then)


def test_squared_error_sums_over_the_outputs_as_in_the_seed() -> None:
    pair = OUTPUTS_AND_COSTS["identity", "squared-error"]
    a = np.array([[0.5, 0.5, 1.0], [0.0, 1.0, 0.0]])
    y = np.array([[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
    assert pair.cost(a, a, y) == 1.5
    assert pair.cost(a[[1]], a[[1]], y[[1]]) == 0


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropy_is_exact_where_the_output_rounds_to_0_or_1(
    dtype: type[np.floating],
) -> None:
    z = np.array([[1000, -1000, -1000]], dtype)
    right, wrong = np.eye(3, dtype=dtype)[[[0], [1]]]
    for output, cost_if_wrong in (("sigmoid", 2000), ("softmax", 2000)):
        function, cost_of, _ = OUTPUTS_AND_COSTS[output, "cross-entropy"]
        with np.errstate(over="ignore"):
            a = function(z.copy())
        assert cost_of(z, a, right) == 0
        assert cost_of(z, a, wrong) == cost_if_wrong

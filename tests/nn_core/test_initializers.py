import numpy as np
import pytest

from nn_core import Network, Parameters
from nn_core.initializers import INITIALIZERS
from tests.nn_core.toy_problems import INITIALIZER_NAMES


def initialized(name: str, seed: int = 0) -> Parameters:
    parameters = Parameters([400, 300, 200])
    parameters.theta[:] = np.nan  # whatever was there before must not matter
    INITIALIZERS[name](parameters, np.random.default_rng(seed))
    return parameters


def test_the_initializers_are_those_of_the_design() -> None:
    assert set(INITIALIZERS) == set(INITIALIZER_NAMES)


@pytest.mark.parametrize("name", INITIALIZER_NAMES)
def test_the_same_seed_gives_the_same_bits(name: str) -> None:
    assert np.array_equal(initialized(name).theta, initialized(name).theta)


@pytest.mark.parametrize("name", ["xavier", "he", "standard-normal"])
def test_another_seed_gives_others(name: str) -> None:
    assert not np.array_equal(initialized(name, 0).theta, initialized(name, 1).theta)


@pytest.mark.parametrize("name", ["xavier", "he", "zeros"])
def test_biases_start_at_0(name: str) -> None:
    assert not any(biases.any() for biases in initialized(name).biases)


def test_xavier_is_uniform_within_its_limit() -> None:
    for weights in initialized("xavier").weights:
        neurons, inputs = weights.shape
        limit = (6 / (inputs + neurons)) ** 0.5
        assert np.abs(weights).max() <= limit * (1 + 1e-6)
        assert np.abs(weights).max() > 0.999 * limit
        assert abs(weights.mean()) < 0.02 * limit
        assert weights.std() == pytest.approx(limit / 3**0.5, rel=0.02)


def test_he_has_variance_2_over_inputs() -> None:
    for weights in initialized("he").weights:
        inputs = weights.shape[1]
        assert weights.std() == pytest.approx((2 / inputs) ** 0.5, rel=0.02)
        assert abs(weights.mean()) < 0.02 * weights.std()
        assert np.abs(weights).max() > 3.5 * weights.std()  # normal, not uniform


def test_standard_normal_is_that_for_weights_and_biases() -> None:
    parameters = initialized("standard-normal")
    assert parameters.theta.mean() == pytest.approx(0, abs=0.02)
    for _, array in parameters.named():
        assert array.std() == pytest.approx(1, rel=0.15)


def test_zeros_is_zero() -> None:
    assert not initialized("zeros").theta.any()


@pytest.mark.parametrize("name", INITIALIZER_NAMES)
def test_a_network_is_initialized_by_name(name: str) -> None:
    network = Network([400, 300, 200])
    network.initialize(name, np.random.default_rng(0))
    assert np.array_equal(network.parameters.theta, initialized(name).theta)

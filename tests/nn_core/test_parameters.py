import copy
import pickle
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Parameters
from nn_core.parameters import count_parameters

layer_sizes = st.lists(st.integers(1, 7), min_size=2, max_size=5)


def test_the_seeds_network_has_13002_parameters() -> None:
    assert count_parameters([784, 16, 16, 10]) == 13_002
    assert Parameters([784, 16, 16, 10]).theta.shape == (13_002,)


@given(layer_sizes)
def test_the_views_cover_theta_once_and_in_order(sizes: list[int]) -> None:
    parameters = Parameters(sizes)
    parameters.theta[:] = np.arange(parameters.theta.size)

    in_order = [array.ravel() for _, array in parameters.named()]

    assert np.array_equal(np.concatenate(in_order), parameters.theta)
    assert np.array_equal(np.concatenate(parameters.layers), parameters.theta)
    for layer, (previous, neurons) in enumerate(pairwise(sizes)):
        assert parameters.weights[layer].shape == (neurons, previous)
        assert parameters.biases[layer].shape == (neurons,)


def test_a_row_of_weights_is_a_neurons_stretch_of_theta() -> None:
    parameters = Parameters([3, 2, 2])
    parameters.theta[:] = np.arange(14)

    assert parameters.weights[0].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert parameters.biases[0].tolist() == [6, 7]
    assert parameters.weights[1].tolist() == [[8, 9], [10, 11]]
    assert parameters.biases[1].tolist() == [12, 13]


def test_writing_to_a_view_writes_to_theta() -> None:
    parameters = Parameters([3, 2, 2])

    parameters.weights[1][1, 0] = 5
    parameters.biases[0] -= 1
    parameters.layers[1][-1] = 7

    assert np.flatnonzero(parameters.theta).tolist() == [6, 7, 10, 13]
    assert parameters.theta[[6, 7, 10, 13]].tolist() == [-1, -1, 5, 7]


def test_arithmetic_in_place_keeps_the_views() -> None:
    parameters = Parameters([3, 2])
    parameters.theta -= 0.5
    assert np.all(parameters.weights[0] == -0.5)


def test_theta_is_one_contiguous_array_of_zeros() -> None:
    theta = Parameters([4, 3, 2]).theta
    assert theta.flags.c_contiguous
    assert theta.dtype == np.float32
    assert not theta.any()


def test_names_are_those_in_files() -> None:
    names = [name for name, _ in Parameters([4, 3, 2]).named()]
    assert names == ["weights.0", "biases.0", "weights.1", "biases.1"]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_like_is_zero_and_has_the_same_shape_and_type(dtype: type[np.floating]) -> None:
    parameters = Parameters([4, 3, 2], dtype)
    parameters.theta += 1

    like = parameters.zeros_like()

    assert like.layer_sizes == parameters.layer_sizes
    assert like.theta.dtype == dtype
    assert not like.theta.any()
    assert not np.shares_memory(like.theta, parameters.theta)


def test_a_copy_is_equal_and_shares_nothing() -> None:
    parameters = Parameters([4, 3, 2], np.float64)
    parameters.theta[:] = np.arange(23)

    other = parameters.copy()

    assert np.array_equal(other.theta, parameters.theta)
    other.theta[:] = 0
    assert parameters.theta.sum() == sum(range(23))
    assert not other.weights[0].any()


def by_pickle(parameters: Parameters) -> Parameters:
    copied: Parameters = pickle.loads(pickle.dumps(parameters))
    return copied


@pytest.mark.parametrize("copied", [copy.deepcopy, copy.copy, by_pickle])
def test_however_it_is_copied_it_is_one_vector_of_its_own(
    copied: Callable[[Parameters], Parameters],
) -> None:
    """The views of a copy must be views of the copy's θ, also if it came through a pipe."""
    parameters = Parameters([4, 3, 2], np.float64)
    parameters.theta[:] = np.arange(23)

    other = copied(parameters)

    assert other.layer_sizes == (4, 3, 2)
    assert other.theta.dtype == np.float64
    assert np.array_equal(other.theta, parameters.theta)
    other.theta += 1
    assert other.weights[0][0].tolist() == [1, 2, 3, 4]
    assert other.biases[1].tolist() == [22, 23]
    assert parameters.theta[0] == 0

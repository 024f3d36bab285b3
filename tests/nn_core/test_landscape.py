"""A landscape's costs are those of the networks at its points; its directions are what they say."""

import numpy as np
import pytest

from nn_core import Hyperparameters, Network, events, train
from nn_core.datasets import Dataset
from nn_core.landscape import Plane, along_paths, at_random, cost_of, grid_around, random_walk
from nn_core.parameters import FloatArray
from tests.nn_core.toy_problems import (
    ACTIVATION_NAMES,
    OUTPUT_COST_PAIRS,
    toy_examples,
    toy_network,
)


@pytest.fixture(scope="module")
def path() -> FloatArray:
    """Return θ after each of twelve epochs of a toy training, and before the first."""
    network = toy_network()
    examples = toy_examples(100)
    thetas = [network.parameters.theta.astype(np.float64)]
    training = train(network, examples, None, Hyperparameters(epochs=12, learning_rate=1.0))
    thetas += [
        network.parameters.theta.astype(np.float64)
        for event in training
        if isinstance(event, events.Epoch)
    ]
    return np.stack(thetas)


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
@pytest.mark.parametrize(("output", "cost"), OUTPUT_COST_PAIRS)
@pytest.mark.parametrize("hidden", [(5, 4), ()])
def test_a_cell_has_the_cost_of_the_network_there(
    activation: str, output: str, cost: str, hidden: tuple[int, ...]
) -> None:
    network = toy_network(hidden, activation, output, cost, np.float64)
    theta = network.parameters.theta.copy()
    examples = toy_examples(600)  # more than a chunk
    directions = np.random.default_rng(0).standard_normal((2, theta.size))
    costs = Plane(network, directions, examples).costs([-0.5, 0, 0.25], [-1, 0])
    assert costs.shape == (3, 2)
    for (row, alpha), (column, beta) in [
        ((0, -0.5), (0, -1)),
        ((2, 0.25), (0, -1)),
        ((1, 0), (1, 0)),
    ]:
        moved = theta + alpha * directions[0] + beta * directions[1]
        np.testing.assert_allclose(
            costs[row, column], cost_of(network, moved, examples), rtol=1e-12
        )
    assert np.array_equal(network.parameters.theta, theta)


def test_the_directions_along_a_path_are_its_principal_ones(path: FloatArray) -> None:
    away = path - path[-1]
    found = along_paths(away)
    singular_values = np.linalg.svd(away, compute_uv=False)
    shares = singular_values**2 / (singular_values**2).sum()
    np.testing.assert_allclose(found.explained, shares[:2], rtol=1e-9)
    np.testing.assert_allclose(found.directions @ found.directions.T, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(found.places, away @ found.directions.T, atol=1e-12)
    assert (found.places[0] <= 0).all()
    assert not found.places[-1].any()


def test_two_paths_have_joint_directions(path: FloatArray) -> None:
    rng = np.random.default_rng(0)
    other = path + rng.standard_normal(path.shape[1])
    joint = along_paths(np.concatenate([path, other]) - path[-1])
    alone = along_paths(path - path[-1])
    off = (other - path[-1]) - (other - path[-1]) @ alone.directions.T @ alone.directions
    off_joint = (other - path[-1]) - (other - path[-1]) @ joint.directions.T @ joint.directions
    assert (off_joint**2).sum() < (off**2).sum()


def test_random_directions_are_as_long_as_each_neuron_s_weights(path: FloatArray) -> None:
    network = toy_network()
    away = path - path[-1]
    found = at_random(network, away, np.random.default_rng(0))
    for direction in found.directions:
        parts = network.parameters.zeros_like()
        parts.theta[:] = direction
        for part, weights in zip(parts.weights, network.parameters.weights, strict=True):
            lengths = [np.linalg.norm(matrix, axis=1) for matrix in (part, weights)]
            np.testing.assert_allclose(lengths[0], lengths[1], rtol=1e-5)
        assert not any(biases.any() for biases in parts.biases)
    # The places are those of the plane's nearest points: what is left is at right angles to it.
    left = away - found.places @ found.directions
    np.testing.assert_allclose(left @ found.directions.T, 0, atol=1e-9)
    share = 1 - (left**2).sum() / (away**2).sum()
    np.testing.assert_allclose(found.explained.sum(), share, rtol=1e-9)


def test_a_random_walk_has_steps_as_long_and_ends_at_the_same_place(path: FloatArray) -> None:
    away = path - path[-1]
    walk = random_walk(away, np.random.default_rng(0))
    assert walk.shape == away.shape
    assert not walk[-1].any()
    lengths = [np.linalg.norm(np.diff(points, axis=0), axis=1) for points in (walk, away)]
    np.testing.assert_allclose(lengths[0], lengths[1], rtol=1e-12)


def test_a_random_walk_looks_neat_too() -> None:
    # With as many parameters as a network has, two directions hold some 3/4 of it.
    away = np.random.default_rng(0).standard_normal((31, 3000)).cumsum(axis=0)
    walk = random_walk(away - away[-1], np.random.default_rng(1))
    assert along_paths(walk).explained.sum() > 0.6


def test_the_grid_has_the_path_inside(path: FloatArray) -> None:
    places = along_paths(path - path[-1]).places
    for axis, points in enumerate(grid_around(places, 41)):
        assert len(points) == 41
        assert points[0] < places[:, axis].min() <= 0 <= places[:, axis].max() < points[-1]


@pytest.mark.parametrize("points", [2, 3])
def test_a_path_that_has_not_moved_has_a_landscape_too(points: int) -> None:
    network = toy_network()
    for found in (
        along_paths(np.zeros((points, network.parameters.theta.size))),
        at_random(
            network, np.zeros((points, network.parameters.theta.size)), np.random.default_rng(0)
        ),
    ):
        assert found.directions.shape == (2, network.parameters.theta.size)
        assert not found.places.any()
        assert not found.explained.any()
        alphas, betas = grid_around(found.places, 3)
        assert np.isfinite(
            Plane(network, found.directions, toy_examples()).costs(alphas, betas)
        ).all()


def test_what_overflows_is_not_finite() -> None:
    network = toy_network(activation="relu", output="identity", dtype=np.float64)
    network.parameters.theta[:] = 1e200
    plane = Plane(network, np.ones((2, network.parameters.theta.size)), toy_examples())
    assert not np.isfinite(plane.cost(0, 0))


def test_the_true_costs_of_a_digits_path_are_the_checkpoints_own(digits: Dataset) -> None:
    network = Network([784, 16, 16, 10])
    network.initialize("xavier", np.random.default_rng(0))
    examples = digits.training.first(1000)
    x, y = examples.batch(np.arange(1000), np.float64)
    expected = network.in_64_bits().evaluate(x, y).cost / 1000
    np.testing.assert_allclose(
        cost_of(network, network.parameters.theta, examples), expected, rtol=1e-12
    )

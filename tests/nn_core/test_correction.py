"""Corrections: a few drawings are learned, and little else is forgotten."""

import numpy as np
import pytest

from nn_core import Hyperparameters, Network, load_dataset, train
from nn_core.correction import STEPS, correct, read
from nn_core.costs import OUTPUTS_AND_COSTS
from nn_core.datasets import Examples
from nn_core.evaluation import evaluate


def upside_down(labels: list[int]) -> Examples:
    """Return digits that stand on their heads, with the labels that somebody gives them."""
    digits = load_dataset("digits-5k").test
    rows = np.arange(len(labels)) * 7
    images = digits.images[rows][:, ::-1].copy()
    return Examples(images, np.array(labels, np.uint8), 10, (28, 28))


@pytest.mark.parametrize(("output", "cost"), sorted(OUTPUTS_AND_COSTS))
def test_drawings_are_learned_and_little_is_forgotten(output: str, cost: str) -> None:
    digits = load_dataset("digits-5k")
    rng = np.random.default_rng(0)
    network = Network([784, 16, 10], "tanh", output, cost)
    network.initialize("xavier", rng)
    chosen = Hyperparameters(optimizer="adam", epochs=8)
    for _ in train(network, digits.training, digits.test, chosen, rng):
        pass
    accuracy = evaluate(network, digits.test)[1]
    drawings = upside_down([3, 8, 5])
    assert read(network, drawings) != [3, 8, 5]
    assert len(list(correct(network, drawings, digits.training, 0))) == STEPS == 20
    assert read(network, drawings) == [3, 8, 5]
    assert evaluate(network, digits.test)[1] > accuracy - 0.03


def test_a_correction_is_the_same_bit_for_bit() -> None:
    digits = load_dataset("digits-5k")
    drawings = upside_down([3])
    thetas = []
    for seed in (5, 5, 6):
        network = Network([784, 16, 16, 10])
        network.initialize("xavier", np.random.default_rng(0))
        for _ in correct(network, drawings, digits.training, seed):
            pass
        thetas.append(network.parameters.theta)
    assert np.array_equal(thetas[0], thetas[1])
    assert not np.array_equal(thetas[0], thetas[2])


def test_a_network_that_overflows_stays_finite() -> None:
    digits = load_dataset("digits-5k")
    network = Network([784, 10], output="identity")
    network.parameters.theta[:] = np.float32(3e38)
    for _ in correct(network, upside_down([3]), digits.training, 0):
        pass
    assert np.isfinite(network.parameters.theta).all()


def test_a_few_training_examples_are_enough() -> None:
    digits = load_dataset("digits-5k")
    network = Network([784, 10])
    for _ in correct(network, upside_down([3]), digits.training.first(2), 0):
        pass
    assert read(network, upside_down([3])) == [3]

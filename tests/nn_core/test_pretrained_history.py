"""The histories of the pretrained networks: what is lost in 8 bits, and that they are true."""

from importlib import resources

import numpy as np
import pytest

from nn_core import Network, checkpoints, evaluate
from nn_core.checkpoints import Checkpoint
from nn_core.datasets import Dataset
from nn_core.evaluation import layer_norms
from nn_core.mistakes import Mistake, Mistakes, find_mistakes
from nn_core.parameters import Parameters
from nn_core.pretrained import history
from nn_core.pretrained.history import History

NAMES = ["pretrained", "pretrained-large"]
SIZES = (6, 4, 3)


def shipped(name: str) -> tuple[Checkpoint, History, int]:
    """Return a network, its history, and the size of the history's file."""
    folder = resources.files("nn_core.pretrained")
    checkpoint = checkpoints.load(folder.joinpath(f"{name}.safetensors").read_bytes())
    file = folder.joinpath(f"{name}.history.safetensors").read_bytes()
    return checkpoint, history.load(file, checkpoint.network.layer_sizes), len(file)


def parameters(seed: int) -> Parameters:
    made = Parameters(SIZES)
    made.theta[:] = np.random.default_rng(seed).standard_normal(made.theta.size)
    return made


def small_history() -> History:
    mistakes = Mistakes(
        np.array([[5, 1], [0, 7]]), [Mistake(3, 0, 1, 0.75)], np.arange(6, dtype=np.uint8)[None]
    )
    earlier = {0: parameters(1), 4: parameters(2)}
    return History([{"epoch": 1, "cost": 0.1}], parameters(3), earlier, mistakes)


def test_a_history_comes_back_from_its_file() -> None:
    saved = small_history()
    file = history.save(saved)
    assert file == history.save(small_history())
    loaded = history.load(file, SIZES)
    assert history.epochs(file) == loaded.epochs == saved.epochs
    assert history.earlier_epochs(file) == list(loaded.earlier) == [0, 4]
    assert loaded.mistakes.wrong == saved.mistakes.wrong
    assert loaded.mistakes.right == 12
    np.testing.assert_array_equal(loaded.mistakes.confusion, saved.mistakes.confusion)
    np.testing.assert_array_equal(loaded.mistakes.images, saved.mistakes.images)


def test_a_weight_is_off_by_a_254th_of_its_neurons_largest_at_most() -> None:
    saved = small_history()
    saved.gradient.weights[0][1] = 0  # a neuron that the batch does not reach
    loaded = history.load(history.save(saved), SIZES)
    for before, after in ((saved.gradient, loaded.gradient), (saved.earlier[4], loaded.earlier[4])):
        for layer, weights in enumerate(before.weights):
            largest = np.abs(weights).max(axis=1, keepdims=True)
            error = np.abs(after.weights[layer] - weights)
            assert (error <= 1.001 * largest / 254).all()
            np.testing.assert_array_equal(after.biases[layer], before.biases[layer])
    assert not loaded.gradient.weights[0][1].any()


@pytest.mark.parametrize("name", NAMES)
def test_what_ships_is_small_and_fits_its_network(name: str) -> None:
    checkpoint, told, size = shipped(name)
    assert size < 300_000
    last = told.epochs[-1]
    assert checkpoint.metadata["epoch"] == str(last["epoch"]) == str(len(told.epochs))
    assert checkpoint.metadata["step"] == str(last["step"])
    assert layer_norms(told.gradient) == pytest.approx(last["gradient_norms"], rel=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_what_ships_is_what_mnists_test_set_says(name: str, mnist: Dataset) -> None:
    checkpoint, told, _ = shipped(name)
    cost, accuracy = evaluate(checkpoint.network, mnist.test)
    assert told.epochs[-1]["test_cost"] == pytest.approx(cost, rel=1e-5)
    assert told.epochs[-1]["test_accuracy"] == pytest.approx(accuracy, abs=2e-4)
    found = find_mistakes(checkpoint.network, mnist.test, 10_000)
    assert found.right == pytest.approx(told.mistakes.right, abs=2)
    same = {mistake.example for mistake in found.wrong}
    for mistake, image in zip(told.mistakes.wrong, told.mistakes.images, strict=True):
        assert mistake.example in same
        assert mistake.label == mnist.test.labels[mistake.example]
        np.testing.assert_array_equal(image, mnist.test.images[mistake.example])


def test_in_8_bits_the_earlier_networks_read_as_before(mnist: Dataset) -> None:
    checkpoint, told, _ = shipped("pretrained")
    network: Network = checkpoint.network
    assert 0 in told.earlier
    for epoch in told.earlier.keys() - {0}:
        network.parameters.theta[:] = told.earlier[epoch].theta
        _, accuracy = evaluate(network, mnist.test)
        assert accuracy == pytest.approx(told.epochs[epoch - 1]["test_accuracy"], abs=0.001)

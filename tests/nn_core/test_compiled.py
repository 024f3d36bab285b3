"""Compiled loops learn what NumPy does, but for rounding. Their gradients: test_gradients."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nn_core import Hyperparameters, Network, train
from nn_core.arithmetic import CompilerMissingError
from nn_core.datasets import Dataset, Examples
from nn_core.datasets.batches import CHUNK
from nn_core.events import (
    Epoch,
    Memory,
    RecalledStep,
    RecallStep,
    Save,
    Saved,
    Snapshot,
    Status,
    TakeSnapshot,
)
from nn_core.parameters import FloatArray
from tests.nn_core.toy_problems import OPTIMIZER_NAMES, toy_examples, toy_network

pytestmark = pytest.mark.usefixtures("compiled_loops")


def trained(
    examples: Examples, chosen: Hyperparameters, *, compiled: bool, dtype: Any = np.float64
) -> tuple[Network, list[Epoch], Status]:
    network = toy_network(dtype=dtype)
    rng = np.random.default_rng(0)
    held = np.arange(network.parameters.theta.size) == 7
    events = list(train(network, examples, examples, chosen, rng, None, held, compiled=compiled))
    assert isinstance(events[-1], Status)
    return network, [event for event in events if isinstance(event, Epoch)], events[-1]


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
@pytest.mark.parametrize(
    "options",
    [
        {"batch_size": 7},
        {"batch_size": 1, "l1": 0.01, "l2": 0.02},
        {"batch_size": "full", "dropout": 0.3},
        {"batch_size": CHUNK + 3, "dropout": 0.3, "l2": 0.01},
    ],
    ids=str,
)
def test_it_learns_what_numpy_learns(optimizer: str, options: dict[str, Any]) -> None:
    large = options["batch_size"] == CHUNK + 3
    examples = toy_examples(2 * CHUNK + 7 if large else 70)
    examples = replace(examples, spoilt=np.arange(len(examples)) % 5 == 0)
    chosen = Hyperparameters(optimizer=optimizer, epochs=2, **options)
    by_numpy, expected, end = trained(examples, chosen, compiled=False)
    by_loops, epochs, same_end = trained(examples, chosen, compiled=True)
    np.testing.assert_allclose(
        by_loops.parameters.theta, by_numpy.parameters.theta, rtol=1e-6, atol=1e-9
    )
    assert by_loops.parameters.theta[7] == 0  # it is held there
    assert same_end == end
    for epoch, other in zip(epochs, expected, strict=True):
        assert epoch.cost == pytest.approx(other.cost, rel=1e-6)
        for name in ("epoch", "step", "accuracy", "test_accuracy", "clean_accuracy"):
            assert getattr(epoch, name) == getattr(other, name)
        assert epoch.noisy_accuracy == other.noisy_accuracy


def test_on_digits_in_32_bits_it_differs_by_rounding_and_is_the_same_each_time(
    digits: Dataset,
) -> None:
    thetas: list[FloatArray] = []
    for compiled in (False, True, True):
        network = Network([784, 16, 16, 10])
        network.initialize("xavier", np.random.default_rng(0))
        chosen = Hyperparameters(epochs=1, batch_size=30)
        for _ in train(network, digits.training, None, chosen, compiled=compiled):
            pass
        thetas.append(network.parameters.theta)
    by_numpy, by_loops, again = thetas
    assert np.array_equal(by_loops, again)
    assert not np.array_equal(by_loops, by_numpy)
    assert np.abs(by_loops - by_numpy).max() < 1e-4 * np.abs(by_numpy).max()


def test_an_image_without_ink_and_one_that_is_all_ink() -> None:
    images = np.zeros((6, 40), np.uint8)
    images[1:3] = 255
    images[3, 20] = images[4, 39] = images[5, 0] = 9
    examples = Examples(images, np.arange(6).astype(np.uint8) % 3, 3)
    gradients = []
    for compiled in (False, True):
        network = Network([40, 5, 3], dtype=np.float64)
        network.initialize("xavier", np.random.default_rng(0))
        training = train(
            network, examples, None, Hyperparameters(batch_size="full"), compiled=compiled
        )
        next(training)
        next(training)
        snapshot = training.send(TakeSnapshot())
        assert isinstance(snapshot, Snapshot)
        gradients.append(snapshot.gradient.theta)
    np.testing.assert_allclose(gradients[1], gradients[0], rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_training_that_was_saved_goes_on_bit_for_bit(optimizer: str) -> None:
    examples = toy_examples(50)
    chosen = Hyperparameters(optimizer=optimizer, epochs=3, batch_size=8, dropout=0.2)
    whole = toy_network()
    for _ in train(whole, examples, None, chosen, compiled=True):
        pass
    network, memory = toy_network(), None
    for _ in range(2):
        training = train(network, examples, None, chosen, None, memory, compiled=True)
        for _ in range(6):
            next(training)
        memory = saved_by(training.send(Save()))
    for _ in train(network, examples, None, chosen, None, memory, compiled=True):
        pass
    assert np.array_equal(network.parameters.theta, whole.parameters.theta)


def saved_by(event: Any) -> Memory:
    assert isinstance(event, Saved)
    return event.memory


def test_the_last_step_is_recalled() -> None:
    network, examples = toy_network(dtype=np.float64), toy_examples()
    training = train(network, examples, None, Hyperparameters(batch_size=5), compiled=True)
    next(training)
    assert isinstance(training.send(RecallStep()), Status)  # there is none yet
    next(training)
    before = toy_network(dtype=np.float64).parameters.theta
    recalled = training.send(RecallStep())
    assert isinstance(recalled, RecalledStep)
    assert np.array_equal(recalled.theta, before)
    assert np.array_equal(recalled.theta + recalled.nudge, network.parameters.theta)
    rows = np.random.default_rng(0).permutation(len(examples))[:5]
    x, y = examples.batch(rows, np.float64)
    assert np.array_equal(recalled.x, x)
    assert np.array_equal(recalled.y, y)


@pytest.mark.parametrize("rate", [1e20, 3e38])
def test_it_diverges_as_numpy_does(rate: float) -> None:
    chosen = Hyperparameters(learning_rate=rate, epochs=5, batch_size=4)
    ends = []
    for compiled in (False, True):
        network = toy_network(activation="relu", output="identity")
        *_, end = train(network, toy_examples(), None, chosen, compiled=compiled)
        assert np.isfinite(network.parameters.theta).all()
        assert isinstance(end, Status)
        ends.append(end)
    assert ends[0] == ends[1]
    assert ends[0].status == "diverged"


def test_augmented_images_go_numpys_way() -> None:
    chosen = Hyperparameters(epochs=2, augment=True)
    by_numpy, other = (
        trained(toy_examples(), chosen, compiled=compiled, dtype=np.float32)[0].parameters.theta
        for compiled in (False, True)
    )
    assert np.array_equal(by_numpy, other)


def test_without_numba_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nn_core.arithmetic.find_spec", lambda _name: None)
    with pytest.raises(CompilerMissingError, match=r"pip install 'nudge-playground\[compiled\]'"):
        next(train(toy_network(), toy_examples(), compiled=True))


def test_nothing_of_numba_is_loaded_unless_it_is_chosen() -> None:
    code = """
import sys, app.main, app.cli, app.runs.worker
from nn_core import train
from tests.nn_core.toy_problems import toy_examples, toy_network
list(train(toy_network(), toy_examples()))
assert not {"numba", "llvmlite", "nn_core.compiled"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)

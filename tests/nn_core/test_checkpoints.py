"""Files of networks: what is saved is loaded, and a file that holds no network is an error."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn_core import Hyperparameters, Network, Parameters, checkpoints, train
from nn_core.checkpoints import CheckpointError
from nn_core.events import Save, Saved
from tests.nn_core.toy_problems import (
    ACTIVATION_NAMES,
    CLASSES,
    OUTPUT_COST_PAIRS,
    PIXELS,
    toy_examples,
    toy_network,
)

ARCHITECTURE = {
    "activation": '["tanh", "relu"]',
    "output": "softmax",
    "cost": "cross-entropy",
}


def tensors() -> dict[str, Any]:
    """The tensors of a small network, fresh, to be spoiled."""
    rng = np.random.default_rng(0)
    return {
        name: rng.normal(size=array.shape).astype(np.float32)
        for name, array in Parameters([4, 3, 5, 2]).named()
    }


def file_of(arrays: dict[str, Any], metadata: dict[str, str] | None = None) -> bytes:
    file: bytes = safetensors.numpy.save(arrays, ARCHITECTURE if metadata is None else metadata)
    return file


def file_with_header(header: object, data: bytes = b"") -> bytes:
    """A safetensors file put together by hand."""
    encoded = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(encoded).to_bytes(8, "little") + encoded + data


# Round trips


@given(
    hidden=st.lists(st.integers(1, 6), max_size=4),
    pair=st.sampled_from(OUTPUT_COST_PAIRS),
    names=st.lists(st.sampled_from(ACTIVATION_NAMES), min_size=4, max_size=4),
    seed=st.integers(0, 1000),
)
def test_a_network_comes_back_as_it_was(
    hidden: list[int], pair: tuple[str, str], names: list[str], seed: int
) -> None:
    network = Network([PIXELS, *hidden, CLASSES], names[: len(hidden)], *pair)
    network.initialize("standard-normal", np.random.default_rng(seed))

    loaded = checkpoints.load(checkpoints.save(network, {})).network

    assert loaded.layer_sizes == network.layer_sizes
    assert loaded.activation_names == network.activation_names
    assert (loaded.output_name, loaded.cost_name) == pair
    assert loaded.parameters.theta.dtype == np.float32
    assert np.array_equal(loaded.parameters.theta, network.parameters.theta)
    x, _ = toy_examples(5).batch(np.arange(5))
    assert np.array_equal(loaded.forward(x)[-1], network.forward(x)[-1])


def test_a_loaded_network_is_one_vector_of_its_own() -> None:
    network = checkpoints.load(file_of(tensors())).network
    network.parameters.theta[:] = 1
    assert np.all(network.parameters.weights[0] == 1)


def test_a_network_for_proofs_is_saved_as_float32() -> None:
    network = toy_network(dtype=np.float64)
    loaded = checkpoints.load(checkpoints.save(network, {})).network
    expected = network.parameters.theta.astype(np.float32)
    assert np.array_equal(loaded.parameters.theta, expected)


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=4))
def test_metadata_come_back_as_they_were(metadata: dict[str, str]) -> None:
    architecture = {
        "activation": '["sigmoid", "sigmoid"]',
        "output": "sigmoid",
        "cost": "squared-error",
    }
    loaded = checkpoints.load(checkpoints.save(toy_network(), metadata))
    assert loaded.metadata == {**metadata, **architecture}


def test_the_same_network_gives_the_same_bytes() -> None:
    metadata = {str(index): "x" for index in range(20)}
    files = {checkpoints.save(toy_network(), metadata) for _ in range(5)}
    assert len(files) == 1


def test_the_safetensors_library_reads_it(tmp_path: Path) -> None:
    network = toy_network((5, 4))
    path = tmp_path / "network.safetensors"
    path.write_bytes(checkpoints.save(network, {"card": "größer"}))

    read = safetensors.numpy.load_file(path)
    with safetensors.safe_open(path, "numpy") as file:
        metadata = file.metadata()

    assert {name: array.shape for name, array in read.items()} == {
        "weights.0": (5, PIXELS),
        "biases.0": (5,),
        "weights.1": (4, 5),
        "biases.1": (4,),
        "weights.2": (CLASSES, 4),
        "biases.2": (CLASSES,),
    }
    for name, parameter in network.parameters.named():
        assert read[name].dtype == np.float32
        assert np.array_equal(read[name], parameter)
    assert metadata == {
        "card": "größer",
        "activation": '["sigmoid", "sigmoid"]',
        "output": "sigmoid",
        "cost": "squared-error",
    }


def test_load_file(tmp_path: Path) -> None:
    path = tmp_path / "network.safetensors"
    path.write_bytes(file_of(tensors()))
    assert checkpoints.load_file(path).network.layer_sizes == (4, 3, 5, 2)


# Frames


def test_a_frame_has_the_parameters_the_gradient_and_when_they_are_from() -> None:
    network = Network([4, 3, 2])
    parameters = network.parameters
    parameters.theta[:] = np.linspace(-2, 2, parameters.theta.size)
    gradient = parameters.zeros_like()
    gradient.theta[:] = np.linspace(1e-3, -1e-3, gradient.theta.size)

    frame = checkpoints.save_frame(network, gradient, epoch=3, step=17)

    read = safetensors.numpy.load(frame)
    expected = dict(parameters.named())
    expected |= {f"gradient.{name}": array for name, array in gradient.named()}
    assert set(read) == set(expected)
    for name, array in expected.items():
        assert read[name].dtype == np.float16
        assert read[name].shape == array.shape
        np.testing.assert_allclose(read[name], array, rtol=1e-3, atol=1e-7)
    metadata = checkpoints.read_metadata(frame)
    assert (metadata["epoch"], metadata["step"]) == ("3", "17")


def test_a_frame_without_a_gradient_has_the_parameters_only() -> None:
    read = safetensors.numpy.load(checkpoints.save_frame(Network([4, 3]), None, 0, 0))
    assert set(read) == {"weights.0", "biases.0"}


def test_a_frame_saturates() -> None:
    network = Network([2, 3])
    network.parameters.theta[:] = [
        65_504,
        65_520,
        1e30,
        -1e30,
        np.inf,
        -np.inf,
        3e38,
        65_503,
        -65_505,
    ]
    (weights, biases) = (
        safetensors.numpy.load(checkpoints.save_frame(network, network.parameters, 0, 0))[name]
        for name in ("weights.0", "gradient.biases.0")
    )
    assert weights.tolist() == [[65_504, 65_504], [65_504, -65_504], [65_504, -65_504]]
    assert biases.tolist() == [65_504, 65_504, -65_504]


@given(hnp.arrays(np.float32, 8, elements=st.floats(width=32, allow_nan=False)))
def test_no_number_is_too_much_for_a_frame(theta: np.ndarray) -> None:
    network = Network([3, 2])
    network.parameters.theta[:] = theta
    read = safetensors.numpy.load(checkpoints.save_frame(network, None, 0, 0))
    assert all(np.isfinite(array).all() for array in read.values())


def test_a_part_of_a_frame() -> None:
    network = Network([4, 3, 2])
    network.parameters.theta[:] = 1
    frame = checkpoints.save_frame(network, network.parameters.zeros_like(), 3, 17)

    weights = checkpoints.part_of_frame(frame, "weights")
    gradients = checkpoints.part_of_frame(frame, "gradient")

    assert weights == checkpoints.save_frame(network, None, 3, 17)
    names = {f"gradient.{name}" for name, _ in network.parameters.named()}
    assert set(safetensors.numpy.load(gradients)) == names
    for part in (weights, gradients):
        assert checkpoints.read_metadata(part) == checkpoints.read_metadata(frame)


def test_what_reads_a_checkpoint_reads_a_frame() -> None:
    network = toy_network((5, 4), "relu", "softmax", "cross-entropy")
    frame = checkpoints.save_frame(network, network.parameters.zeros_like(), 3, 17)
    x, _ = toy_examples(5).batch(np.arange(5))

    loaded = checkpoints.load(frame)

    assert (loaded.metadata["epoch"], loaded.metadata["step"]) == ("3", "17")
    for of_frame, of_network in zip(loaded.network.forward(x), network.forward(x), strict=True):
        np.testing.assert_allclose(of_frame, of_network, rtol=0.02, atol=1e-3)
    with pytest.raises(CheckpointError, match=r"weights\.0"):
        checkpoints.load(checkpoints.part_of_frame(frame, "gradient"))


# Trainings


def a_saved_training() -> bytes:
    network = toy_network((5, 4))
    training = train(network, toy_examples(), None, Hyperparameters("adam", batch_size=4))
    for _ in range(4):
        next(training)
    saved = training.send(Save())
    assert isinstance(saved, Saved)
    return checkpoints.save_training(network, saved.memory)


def test_a_saved_training_is_a_checkpoint_too() -> None:
    file = a_saved_training()
    network = toy_network((5, 4), seed=9)
    assert checkpoints.load_training(file, network).step == 3
    assert np.array_equal(checkpoints.load(file).network.parameters.theta, network.parameters.theta)


@pytest.mark.parametrize("hidden", [(), (5,), (4, 5), (5, 4, 3)])
def test_a_saved_training_of_another_network_changes_nothing(hidden: tuple[int, ...]) -> None:
    network = toy_network(hidden, seed=9)
    before = network.parameters.theta.copy()
    with pytest.raises(CheckpointError):
        checkpoints.load_training(a_saved_training(), network)
    assert np.array_equal(network.parameters.theta, before)


def test_a_file_without_a_training_says_so() -> None:
    network = toy_network((5, 4))
    with pytest.raises(CheckpointError, match="training"):
        checkpoints.load_training(checkpoints.save(network, {}), network)
    with pytest.raises(CheckpointError, match="not a safetensors file"):
        checkpoints.load_training(b"abc", network)


@pytest.mark.parametrize(
    ("key", "value"),
    [("descent", "{}"), ("descent", '{"name": "adagrad"}'), ("training", "[]"), ("training", "{")],
)
def test_a_training_that_is_described_wrongly_is_told(key: str, value: str) -> None:
    file = a_saved_training()
    metadata = {**checkpoints.read_metadata(file), key: value}
    with pytest.raises(CheckpointError):
        checkpoints.load_training(
            file_of(safetensors.numpy.load(file), metadata), toy_network((5, 4))
        )


def test_a_gradient_alone() -> None:
    gradient = Network([4, 3, 2], dtype=np.float64).parameters
    gradient.theta[:] = np.linspace(-1, 1, gradient.theta.size)
    gradient.theta[:3] = np.nan, np.inf, -1e300
    file = checkpoints.save_gradient(gradient, {"cost": "0.5"})
    read = safetensors.numpy.load(file)
    assert set(read) == {f"gradient.{name}" for name, _ in gradient.named()}
    largest = np.finfo(np.float32).max
    assert read["gradient.weights.0"].ravel()[:3].tolist() == [0, largest, -largest]
    assert np.array_equal(read["gradient.biases.1"], gradient.biases[1].astype(np.float32))
    assert checkpoints.read_metadata(file) == {"cost": "0.5"}


def test_a_frame_may_tell_more() -> None:
    network = Network([4, 3])
    frame = checkpoints.save_frame(network, None, 3, 17, metadata={"more": "{}", "step": "1"})
    metadata = checkpoints.read_metadata(frame)
    assert (metadata["more"], metadata["step"]) == ("{}", "17")

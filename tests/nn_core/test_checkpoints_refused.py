"""What is no checkpoint: each file is refused, and the message says why."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import checkpoints
from nn_core.checkpoints import CheckpointError
from tests.nn_core.test_checkpoints import ARCHITECTURE, file_of, file_with_header, tensors


@given(st.binary(max_size=200))
def test_no_bytes_are_anything_but_a_checkpoint_error(file: bytes) -> None:
    with pytest.raises(CheckpointError):
        checkpoints.load(file)


@given(st.binary(max_size=100), st.binary(max_size=20))
def test_no_header_is_anything_but_a_checkpoint_error(header: bytes, data: bytes) -> None:
    with pytest.raises(CheckpointError):
        checkpoints.load(file_with_header(header, data))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(
    st.dictionaries(
        st.sampled_from(["__metadata__", "weights.0", "biases.0", "x"]),
        json_values
        | st.fixed_dictionaries(
            {
                "dtype": st.sampled_from(["F32", "F64", "F16", "BF16", "F8_E4M3", "I64", "BOOL"]),
                "shape": st.lists(st.sampled_from([0, 1, 2, 2**31, 2**64 - 1]), max_size=3),
                "data_offsets": st.tuples(st.just(0), st.sampled_from([0, 1, 2, 4, 8])),
            }
        ),
    )
)
def test_no_json_is_anything_but_a_checkpoint_error(header: dict[str, Any]) -> None:
    with pytest.raises(CheckpointError):
        checkpoints.load(file_with_header(header, b"\0" * 8))


def test_no_truncated_checkpoint_loads() -> None:
    file = file_of(tensors())
    for length in range(len(file)):
        with pytest.raises(CheckpointError):
            checkpoints.load(file[:length])


@given(st.data())
def test_a_flipped_byte_loads_or_is_a_checkpoint_error(data: st.DataObject) -> None:
    file = bytearray(file_of(tensors()))
    file[data.draw(st.integers(0, len(file) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        network = checkpoints.load(bytes(file)).network
    except CheckpointError:
        return
    assert np.isfinite(network.parameters.theta).all()


@pytest.mark.parametrize("name", list(tensors()))
def test_a_missing_tensor(name: str) -> None:
    arrays = tensors()
    del arrays[name]
    with pytest.raises(CheckpointError):
        checkpoints.load(file_of(arrays))


@pytest.mark.parametrize("name", list(tensors()))
@pytest.mark.parametrize(
    "shape", [(), (1,), (7,), (1, 1), (7, 3), (7, 4), (1, 3), (2, 2, 2), (0,), (0, 4), (4, 0)]
)
def test_a_wrong_shape(name: str, shape: tuple[int, ...]) -> None:
    arrays = tensors()
    arrays[name] = np.zeros(shape, np.float32)
    with pytest.raises(CheckpointError):
        checkpoints.load(file_of(arrays))


def test_the_message_says_which_layer_does_not_fit() -> None:
    arrays = tensors()
    arrays["weights.1"] = np.zeros((5, 4), np.float32)
    with pytest.raises(CheckpointError, match="layer 1"):
        checkpoints.load(file_of(arrays))


@pytest.mark.parametrize("sizes", [(4, 0), (0, 2)])
def test_a_layer_without_neurons_is_no_network(sizes: tuple[int, int]) -> None:
    inputs, outputs = sizes
    arrays = {
        "weights.0": np.zeros((outputs, inputs), np.float32),
        "biases.0": np.zeros(outputs, np.float32),
    }
    with pytest.raises(CheckpointError):
        checkpoints.load(file_of(arrays, {**ARCHITECTURE, "activation": "[]"}))


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.bool_, np.complex64], ids=str)
def test_numbers_that_are_not_floats_are_no_parameters(dtype: Any) -> None:
    arrays = tensors()
    arrays["weights.0"] = np.ones((3, 4), dtype)
    with pytest.raises(CheckpointError):
        checkpoints.load(file_of(arrays))


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
def test_other_floats_are_read(dtype: Any) -> None:
    arrays = {name: array.astype(dtype) for name, array in tensors().items()}
    network = checkpoints.load(file_of(arrays)).network
    assert network.parameters.theta.dtype == np.float32
    np.testing.assert_allclose(network.parameters.weights[0], tensors()["weights.0"], rtol=1e-3)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300], ids=str)
def test_numbers_that_are_not_finite_are_no_parameters(value: float) -> None:
    arrays = tensors()
    arrays["biases.1"] = np.full(5, value, np.float64)
    with pytest.raises(CheckpointError):
        checkpoints.load(file_of(arrays))


@pytest.mark.parametrize("missing", list(ARCHITECTURE))
def test_missing_metadata_are_named(missing: str) -> None:
    metadata = {name: value for name, value in ARCHITECTURE.items() if name != missing}
    with pytest.raises(CheckpointError, match=missing):
        checkpoints.load(file_of(tensors(), metadata))


@pytest.mark.parametrize(
    "wrong",
    [
        {"activation": '["tanh"]'},
        {"activation": '["tanh", "softplus"]'},
        {"activation": '["tanh", 3]'},
        {"activation": '["tanh", ["relu"]]'},
        {"activation": '["tanh", {}]'},
        {"activation": '"softplus"'},
        {"activation": "tanh"},
        {"activation": "3"},
        {"activation": "null"},
        {"activation": "{}"},
        {"activation": ""},
        {"activation": "[" * 100_000},
        {"activation": "9" * 100_000},
        {"output": "relu"},
        {"output": ""},
        {"cost": "0"},
        {"output": "identity"},  # which does not go with cross-entropy
    ],
    ids=lambda wrong: str(wrong)[:40],
)
def test_metadata_that_describe_no_network(wrong: dict[str, str]) -> None:
    with pytest.raises(CheckpointError):
        checkpoints.load(file_of(tensors(), {**ARCHITECTURE, **wrong}))


def test_errors_of_load_file_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "letters.safetensors"
    with pytest.raises(CheckpointError, match=r"letters\.safetensors: No such file"):
        checkpoints.load_file(path)
    path.write_bytes(b"abc")
    with pytest.raises(CheckpointError, match=r"letters\.safetensors: not a safetensors file"):
        checkpoints.load_file(path)
    with pytest.raises(CheckpointError, match="directory"):
        checkpoints.load_file(tmp_path)

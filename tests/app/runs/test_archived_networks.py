"""Networks in archives: a file that is not the network of its run is refused."""

import struct
from pathlib import Path

import numpy as np
import pytest
from safetensors import numpy as safetensors_numpy

from app.runs.spec import RunSpec
from app.runs.unpacking import BadArchiveError
from nn_core import checkpoints
from tests.app.runs.archives import (
    checkpoint_of,
    frame_of,
    network_of,
    training_of,
    with_entries,
)
from tests.app.runs.test_archive import OTHER, SPEC, unpacked

CHECKPOINT, FRAME = checkpoint_of(SPEC, 1), frame_of(SPEC, 1, network_of(SPEC).parameters)


def tampered(file: bytes, name: str, value: float) -> bytes:
    """Return the file with one number changed."""
    tensors = safetensors_numpy.load(file)
    tensors[name].flat[0] = value
    return safetensors_numpy.save(tensors, checkpoints.read_metadata(file))


def with_tensors(file: bytes, dtype: type | None = None, **more: np.ndarray) -> bytes:
    """Return the file with more tensors, or with others in their place, or of another type."""
    tensors = safetensors_numpy.load(file) | more
    if dtype:
        tensors = {name: tensor.astype(dtype) for name, tensor in tensors.items()}
    return safetensors_numpy.save(tensors, checkpoints.read_metadata(file))


def with_metadata(file: bytes, **metadata: str) -> bytes:
    tensors = safetensors_numpy.load(file)
    return safetensors_numpy.save(tensors, checkpoints.read_metadata(file) | metadata)


def with_header_length(file: bytes, length: int) -> bytes:
    return struct.pack("<Q", length) + file[8:]


TRAINING = training_of(SPEC, 2)


NOT_RANDOM = {"bit_generator": "PCG64", "state": {"state": -1, "inc": 2**200}}


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("checkpoints/1", b""),
        ("checkpoints/1", b"no safetensors"),
        ("checkpoints/1", CHECKPOINT[:-1]),
        ("checkpoints/1", CHECKPOINT + b"more"),
        ("checkpoints/1", with_header_length(CHECKPOINT, 2**63)),
        ("checkpoints/1", with_header_length(CHECKPOINT, 0)),
        ("checkpoints/1", with_header_length(CHECKPOINT, len(CHECKPOINT))),
        ("checkpoints/1", checkpoint_of(OTHER, 1)),
        ("checkpoints/1", checkpoint_of(RunSpec(hidden=[4], output="softmax"), 1)),
        ("checkpoints/1", checkpoint_of(SPEC, 2)),
        ("checkpoints/3", checkpoint_of(SPEC, 3)),
        ("checkpoints/1", tampered(CHECKPOINT, "weights.0", float("inf"))),
        ("checkpoints/1", tampered(CHECKPOINT, "biases.1", float("nan"))),
        ("checkpoints/1", with_tensors(CHECKPOINT, np.float64)),
        ("checkpoints/1", with_tensors(CHECKPOINT, np.int32)),
        ("checkpoints/1", with_tensors(CHECKPOINT, more=np.zeros(3, np.float32))),
        ("checkpoints/1", with_metadata(CHECKPOINT, epoch="one")),
        ("checkpoints/1", with_metadata(CHECKPOINT, step="9" * 400)),
        ("checkpoints/1", with_metadata(CHECKPOINT, step="-1")),
        ("checkpoints/1", with_metadata(CHECKPOINT, activation="[" * 10_000)),
        ("frame", CHECKPOINT),
        ("frame", tampered(FRAME, "gradient.weights.0", float("nan"))),
        ("frame", tampered(FRAME, "weights.0", float("inf"))),
        ("frame", with_metadata(FRAME, epoch="3")),
        ("training", CHECKPOINT),
        ("training", training_of(OTHER, 2)),
        ("training", training_of(RunSpec(hidden=[4], optimizer="adam"), 2)),
        ("training", tampered(TRAINING, "weights.0", float("nan"))),
        ("training", training_of(SPEC, 3)),
        ("training", training_of(SPEC, 2, step=-1)),
        ("training", training_of(SPEC, 2, step=2**53)),
        ("training", training_of(SPEC, 1, step=251)),
        ("training", training_of(SPEC, 2, position=4000)),
        ("training", training_of(SPEC, 2, right=1)),
        ("training", training_of(SPEC, 2, seconds=-1e18)),
        ("frame", with_metadata(FRAME, step="251")),
        ("checkpoints/1", with_metadata(CHECKPOINT, step="251")),
        ("training", training_of(SPEC, 2, position=0.5)),
        ("training", training_of(SPEC, 2, seconds=float("nan"))),
        ("training", training_of(SPEC, 2, cost_sum="much")),
        ("training", training_of(SPEC, 2, rng=[1])),
        ("training", training_of(SPEC, 2, rng={"bit_generator": "MT19937"})),
        ("training", training_of(SPEC, 2, rng_at_epoch_start=NOT_RANDOM)),
        ("training", with_metadata(TRAINING, training='{"evil": 1}')),
        ("training", with_metadata(TRAINING, training="[]")),
        ("training", with_metadata(TRAINING, commands="2")),
        ("training", with_metadata(TRAINING, descent='{"name": "evil", "steps": 1}')),
        ("training", with_metadata(TRAINING, descent='{"name": "sgd", "steps": 1e999}')),
        ("training", with_metadata(TRAINING, descent='{"name": "sgd", "steps": -1}')),
    ],
)
def test_a_file_that_is_not_the_run_s_network_is_refused(
    tmp_path: Path, name: str, file: bytes
) -> None:
    archive = with_entries(**{f"{name}.safetensors": file})
    with pytest.raises(BadArchiveError, match=f"runs/0001/{name}.safetensors"):
        unpacked(archive, tmp_path)

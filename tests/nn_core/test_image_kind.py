"""The kind of image stands in a checkpoint's metadata, and what can't be is told."""

import json
from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Hyperparameters, Network, checkpoints, load_dataset, train
from nn_core.checkpoints import CheckpointError
from nn_core.datasets import DATASETS
from nn_core.events import Save, Saved
from nn_core.image_kind import ImageKind

kinds = st.builds(
    ImageKind,
    shape=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    drawing=st.just("whole"),
    ground=st.sampled_from(["dark", "light", None]),
    class_names=st.none() | st.tuples(st.text(), st.text()),
)


@given(kinds)
def test_a_checkpoint_keeps_it(kind: ImageKind) -> None:
    network = Network([kind.shape[0] * kind.shape[1], 3, 2])
    assert checkpoints.load(checkpoints.save(network, {}, kind)).kind == kind


def test_a_saved_training_keeps_it_and_so_does_its_network() -> None:
    digits = load_dataset()
    network = Network([784, 2, 10])
    training = train(network, digits.training, None, Hyperparameters(epochs=1))
    next(training)
    saved = training.send(Save())
    assert isinstance(saved, Saved)
    file = checkpoints.save_training(network, saved.memory, {}, digits.kind)
    assert checkpoints.load(file).kind == digits.kind
    assert checkpoints.load(checkpoints.network_of(file)).kind == digits.kind


def test_a_file_that_does_not_say_is_loaded() -> None:
    assert checkpoints.load(checkpoints.save(Network([784, 10]), {})).kind is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"input_shape": "[28, 27]"}, "28×27"),
        ({"input_shape": "[784]"}, "unpack"),
        ({"input_shape": "[-28, -28]"}, "shape"),
        ({"input_shape": "[28.0, 28.0]"}, "28.0"),
        ({"input_shape": "no JSON"}, "Expecting value"),
        ({"input_shape": "[14, 56]"}, "digit images have 28×28"),
        ({"drawing": "upside down"}, "upside down"),
        ({"ground": '"green"'}, "green"),
        ({"class_names": '["one"]'}, "10 classes"),
        ({"class_names": json.dumps([*range(10)])}, "class_names"),
    ],
)
def test_metadata_that_can_not_be_are_told(changes: dict[str, str], words: str) -> None:
    file = checkpoints.save(Network([784, 10]), DATASETS["mnist"].kind.metadata() | changes)
    with pytest.raises(CheckpointError, match=words):
        checkpoints.load(file)


@pytest.mark.parametrize(
    ("inputs", "shape", "drawing"),
    [
        (784, (28, 28), "digits"),
        (64, (8, 8), "whole"),
        (30, (1, 30), "whole"),
        (1, (1, 1), "whole"),
    ],
)
def test_the_likely_kind(inputs: int, shape: tuple[int, int], drawing: str) -> None:
    kind = ImageKind.likely(inputs)
    assert (kind.shape, kind.drawing) == (shape, drawing)


def test_the_data_sets_that_nudge_knows() -> None:
    assert {name: info.drawing for name, info in DATASETS.items()} == {
        "digits-5k": "digits",
        "mnist": "digits",
        "fashion-mnist": "whole",
        "kmnist": "whole",
    }


def test_a_class_is_called_by_its_name_or_its_number() -> None:
    assert DATASETS["fashion-mnist"].kind.name_of(9) == "Ankle boot"
    assert DATASETS["mnist"].kind.name_of(9) == "9"


@pytest.mark.parametrize("name", ["pretrained", "pretrained-large"])
def test_the_pretrained_networks_read_digits(name: str) -> None:
    file = resources.files("nn_core.pretrained").joinpath(f"{name}.safetensors").read_bytes()
    assert checkpoints.load(file).kind == DATASETS["mnist"].kind
    assert np.isfinite(checkpoints.load(file).network.parameters.theta).all()

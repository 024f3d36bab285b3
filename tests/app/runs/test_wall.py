"""The pictures on the teacher's wall, and the names of students who gave none."""

import time

import numpy as np
import pytest

from app.runs.classroom import Classroom
from app.runs.hold import Hold
from app.runs.wall import picture_of
from nn_core import Network, checkpoints


@pytest.mark.parametrize(
    ("input_shape", "hidden", "expected"),
    [
        ((28, 28), [30], (16, 28, 28)),
        ((28, 28), [], (10, 28, 28)),
        ((2, 3), [4], (4, 2, 3)),
        ((64, 30), [4], (4, 22, 15)),
        ((1, 57), [4], (4, 1, 19)),
    ],
)
def test_the_first_layer_becomes_small_pictures(
    input_shape: tuple[int, int], hidden: list[int], expected: tuple[int, int, int]
) -> None:
    network = Network([input_shape[0] * input_shape[1], *hidden, 10])
    weights = network.parameters.weights[0]
    weights[:] = np.random.default_rng(0).normal(size=weights.shape)
    file = checkpoints.save_frame(network, network.parameters, epoch=1, step=2)
    picture = picture_of("run", file, input_shape)
    assert tuple(picture[:3]) == expected
    assert picture.endswith(b"run")
    pixels = np.frombuffer(picture[3:-3], np.int8)
    assert pixels.size == np.prod(expected)
    first = weights[0].reshape(input_shape)[0, 0]
    assert np.sign(pixels[0]) == np.sign(first)
    assert pixels.std() == pytest.approx(127 / 3, rel=0.1)


@pytest.mark.parametrize("value", [0, np.inf])
def test_weights_without_a_scale_are_pictures_too(value: float) -> None:
    network = Network([4, 2, 10])
    network.parameters.weights[0][:] = value
    file = checkpoints.save_frame(network, None, epoch=0, step=0)
    pixels = np.frombuffer(picture_of("", file, (2, 2))[3:], np.int8)
    assert len(set(pixels)) == 1


def test_visitors_are_numbered_as_they_come() -> None:
    visitors = Classroom(Hold(), 1, 10, time.time)
    assert [visitors.label(owner) for owner in ("b", "a", "b")] == [
        "Visitor 1",
        "Visitor 2",
        "Visitor 1",
    ]

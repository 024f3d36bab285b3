"""The pretrained networks that ship: they are whole, and what their cards say is so."""

import re
from importlib import resources

import numpy as np
import pytest

from nn_core import checkpoints, evaluate
from nn_core.datasets import Dataset
from nn_core.digit_image import digit_image
from nn_core.pretrained import drawings

NAMES = ["pretrained", "pretrained-large"]


def shipped(name: str) -> bytes:
    return resources.files("nn_core.pretrained").joinpath(f"{name}.safetensors").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_file_is_whole(name: str, digits: Dataset) -> None:
    """It reads digits. How well can't be measured here, because it was trained on these."""
    file = shipped(name)
    assert len(file) < 1_000_000
    network = checkpoints.load(file).network
    assert network.layer_sizes[0] == 784
    assert network.layer_sizes[-1] == 10
    _, accuracy = evaluate(network, digits.training.first(200))
    assert accuracy > 0.9


def test_the_small_one_has_the_seeds_layers() -> None:
    assert checkpoints.load(shipped("pretrained")).network.layer_sizes == (784, 16, 16, 10)


@pytest.mark.parametrize(("name", "at_least"), [("pretrained", 0.955), ("pretrained-large", 0.99)])
def test_its_card_tells_its_score_on_mnists_test_set(
    name: str, at_least: float, mnist: Dataset
) -> None:
    checkpoint = checkpoints.load(shipped(name))
    _, accuracy = evaluate(checkpoint.network, mnist.test)
    stated = re.search(
        r"reads ([\d.]+)% of\s+MNIST's 10,000 test digits", checkpoint.metadata["card"]
    )
    assert stated
    assert stated[1] == f"{accuracy * 100:.1f}"
    assert accuracy > at_least


def test_a_thick_line_is_thinned_to_its_middle() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 12:17] = 255
    (line,) = drawings.middle_lines(image.reshape(1, -1))
    assert np.abs(line[:, 0] - 14).max() < 2.5
    assert np.median(line[:, 0]) == pytest.approx(14, abs=0.6)
    assert 12 < np.ptp(line[:, 1]) < 20


def test_a_ring_stays_a_ring() -> None:
    row, column = np.indices((28, 28)) - 13.5
    ring = (np.abs(np.hypot(row, column) - 8) < 2) * np.uint8(255)
    (line,) = drawings.middle_lines(ring.reshape(1, -1))
    # In the line's pixels, the distance of their middles from the ring's.
    distance = np.hypot(*(line - 13.75).T)
    assert distance == pytest.approx(np.full(len(line), 8), abs=1)


@pytest.mark.parametrize("pen", [0.05, 0.1, 0.2])
def test_the_pen_is_as_wide_as_asked(pen: float) -> None:
    line = np.stack([np.full(200, 5.0), np.linspace(0, 20, 200)], axis=1)
    drawing = drawings.draw(line, pen)
    assert drawing.shape == (64, 64)
    assert drawing[32].sum() == pytest.approx(60 * pen, abs=0.6)
    assert drawing.any(axis=1).sum() == pytest.approx(60, abs=3)
    assert digit_image(drawing).max() == 1


def test_digits_are_redrawn_the_same_from_the_same_seed(digits: Dataset) -> None:
    few = digits.training.first(20)
    lines = drawings.middle_lines(few.images)
    first, again, other = (
        drawings.redraw(lines, few.labels, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert first.shape == (20, 784)
    assert (first.max(axis=1) == 255).all()

"""Augmentation keeps an image an image, and moves it by no more than it says."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nn_core import augmentation
from nn_core.augmentation import augment
from nn_core.datasets import Dataset

RANGES = ("ROTATION", "SCALING", "SHEAR", "SHIFT")
shapes = st.tuples(st.integers(1, 12), st.integers(1, 12))


@pytest.fixture
def only(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str | None:
    """All ranges are 0 but one, by name; that one is as it is."""
    name: str | None = request.param
    for other in RANGES:
        if other != name:
            monkeypatch.setattr(augmentation, other, 0.0)
    return name


def images(examples: int, shape: tuple[int, int], dtype: Any = np.float32) -> NDArray[Any]:
    rng = np.random.default_rng(examples)
    return rng.random((examples, shape[0] * shape[1])).astype(dtype)


def cross() -> NDArray[np.float32]:
    """One image of 28×28: a blot of 3×3 in the middle and one towards each side."""
    image = np.zeros((28, 28), np.float32)
    for row, column in ((14, 14), (4, 14), (14, 4), (24, 14), (14, 24)):
        image[row - 1 : row + 2, column - 1 : column + 2] = 1
    return image.reshape(1, -1)


@given(shape=shapes, examples=st.integers(0, 6), dtype=st.sampled_from([np.float32, np.float64]))
def test_shape_type_and_values_stay(shape: tuple[int, int], examples: int, dtype: Any) -> None:
    x = images(examples, shape, dtype)
    before = x.copy()

    augmented = augment(x, shape, np.random.default_rng(0))

    assert augmented.shape == x.shape
    assert augmented.dtype == dtype
    assert np.isin(augmented, np.append(x, 0)).all()  # each pixel is one of the image, or outside
    assert np.array_equal(x, before)
    assert not np.shares_memory(augmented, x)


@given(shape=shapes, examples=st.integers(1, 6))
def test_nothing_comes_from_another_image(shape: tuple[int, int], examples: int) -> None:
    x = np.repeat(np.arange(1, examples + 1, dtype=np.float32)[:, None], shape[0] * shape[1], 1)
    augmented = augment(x, shape, np.random.default_rng(1))
    assert ((augmented == x) | (augmented == 0)).all()


def test_an_empty_image_stays_empty() -> None:
    assert not augment(np.zeros((5, 784), np.float32), (28, 28), np.random.default_rng(0)).any()


def test_the_same_seed_gives_the_same_bits() -> None:
    x = images(40, (28, 28))
    first, again, other = (augment(x, (28, 28), np.random.default_rng(seed)) for seed in (7, 7, 8))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_each_image_is_changed_in_its_own_way_and_anew() -> None:
    rng = np.random.default_rng(0)
    x = np.repeat(cross(), 50, axis=0)
    first, second = augment(x, (28, 28), rng), augment(x, (28, 28), rng)
    assert len(np.unique(first, axis=0)) == 50
    assert not (first == second).all(axis=1).any()


@pytest.mark.parametrize("shape", [(28, 28), (5, 5), (1, 9), (10, 4)])
@pytest.mark.parametrize("only", [None], indirect=True)
def test_without_any_change_the_images_are_the_same(
    only: str | None, shape: tuple[int, int]
) -> None:
    assert only is None
    x = images(3, shape)
    assert np.array_equal(augment(x, shape, np.random.default_rng(0)), x)


@pytest.mark.parametrize("only", ["SHIFT"], indirect=True)
def test_a_shift_is_at_most_two_pixels_and_goes_everywhere(only: str) -> None:
    assert only == "SHIFT"
    x = np.repeat(cross(), 500, axis=0)
    moves = set()
    for image in augment(x, (28, 28), np.random.default_rng(0)):
        places = [
            (down, right)
            for down in range(-3, 4)
            for right in range(-3, 4)
            if np.array_equal(
                image, np.roll(cross().reshape(28, 28), (down, right), (0, 1)).ravel()
            )
        ]
        assert len(places) == 1
        moves.update(places)
    assert moves == {(down, right) for down in range(-2, 3) for right in range(-2, 3)}


@pytest.mark.parametrize("only", ["ROTATION", "SCALING", "SHEAR"], indirect=True)
def test_the_middle_stays_in_the_middle(only: str) -> None:
    x = np.repeat(cross(), 200, axis=0)
    augmented = augment(x, (28, 28), np.random.default_rng(0)).reshape(-1, 28, 28)
    assert augmented[:, 14, 14].all(), only
    assert not (augmented.reshape(len(x), -1) == cross()).all()


@pytest.mark.parametrize("only", ["ROTATION"], indirect=True)
def test_a_rotation_turns_by_at_most_its_angle(only: str) -> None:
    assert only == "ROTATION"
    upper = np.zeros((28, 28), np.float32)
    upper[0:3, 13:15] = 1
    x = np.repeat(upper.reshape(1, -1), 400, axis=0)
    rows, columns = np.indices((28, 28)) - 13.5
    angles = [
        np.arctan2((image * columns).sum(), -(image * rows).sum())
        for image in augment(x, (28, 28), np.random.default_rng(0)).reshape(-1, 28, 28)
    ]
    assert np.abs(angles).max() == pytest.approx(augmentation.ROTATION, abs=0.03)
    assert np.mean(angles) == pytest.approx(0, abs=0.03)


def test_mnists_digits_keep_their_ink(digits: Dataset) -> None:
    """They have a wide enough margin: next to nothing is moved out of the picture."""
    x = digits.training.images[:500] / 255
    augmented = augment(x, digits.input_shape, np.random.default_rng(0))
    assert augmented.sum() == pytest.approx(x.sum(), rel=0.05)
    assert np.corrcoef(augmented.mean(axis=0), x.mean(axis=0))[0, 1] > 0.9


def test_images_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="784 pixels do not have 28 rows of 29"):
        augment(np.zeros((2, 784), np.float32), (28, 29), np.random.default_rng(0))

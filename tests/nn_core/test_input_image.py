"""A picture becomes an image as the network was trained with: examples to the last bit."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from nn_core.datasets import DATASETS, Dataset
from nn_core.datasets.batches import Batches
from nn_core.digit_image import EmptyDrawingError, digit_image
from nn_core.image_kind import ImageKind
from nn_core.input_image import SCALE, NotAPictureError, input_image
from tests.pictures import clothes, dotted_letters, seven

DIGITS = DATASETS["mnist"].kind
WHOLE = ImageKind((28, 28), "whole")
Image = NDArray[Any]


def test_every_test_digit_is_read_as_in_training(digits: Dataset) -> None:
    x, _, _ = Batches(digits.test, np.arange(1000), np.float32).part(0, 500)
    for pixels, trained in zip(digits.test.images, x, strict=False):
        image, notes = input_image(pixels.reshape(28, 28), digits.kind)
        assert np.array_equal(image.ravel(), trained)
        assert not notes


def test_faint_ink_beside_the_box_leaves_a_digit_image_one(digits: Dataset) -> None:
    image = digits.test.images[0].reshape(28, 28).copy()
    for shade in (25, 26):
        image[0, 14] = shade
        assert np.array_equal(input_image(image, DIGITS).pixels, image * SCALE) == (shade == 25)


@pytest.mark.parametrize("times", [1, 5, 10])
def test_so_is_one_that_is_shown_larger(digits: Dataset, times: int) -> None:
    for pixels in digits.test.images[:50]:
        large = pixels.reshape(28, 28).repeat(times, 0).repeat(times, 1)
        assert np.array_equal(input_image(large, DIGITS).pixels, pixels.reshape(28, 28) * SCALE)


@pytest.mark.parametrize("from_pad", [False, True])
@given(
    image=hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=12)),
    down=st.integers(1, 8),
    across=st.integers(1, 8),
    ground=st.sampled_from(["dark", "light", None]),
)
def test_any_example_of_other_data_is_read_as_in_training(
    image: Image, down: int, across: int, ground: Any, *, from_pad: bool
) -> None:
    """Bright all over or not, on whatever ground."""
    shape = (image.shape[0], image.shape[1])
    large = image.repeat(down, 0).repeat(across, 1)
    try:
        read = input_image(large, ImageKind(shape, "whole", ground), from_pad=from_pad)
    except EmptyDrawingError:
        assert image.min() == image.max()
        return
    assert np.array_equal(read.pixels, image * SCALE)
    assert not read.notes


@pytest.mark.parametrize("images", [clothes(40)[0], dotted_letters(30)[0]])
def test_dots_and_clothes_stay_what_they_are(images: Image) -> None:
    for image in images:
        assert np.array_equal(input_image(image, WHOLE).pixels, image * SCALE)


def test_what_is_drawn_stays_where_it_is() -> None:
    drawing = np.zeros((280, 280))
    drawing[253:279, 2:20] = 255
    drawing[5:9, 270:275] = 255  # a dot
    image = input_image(drawing, WHOLE).pixels
    assert np.flatnonzero(image[:, :2].any(1)).tolist() == [25, 26, 27]
    assert image[0, 27] > 0
    assert image.sum() * 100 == pytest.approx((drawing / 255).sum(), rel=1e-5)


@pytest.mark.parametrize("ground", [0, 255])
def test_a_frame_of_another_form_keeps_it_on_its_own_ground_and_that_is_told(ground: int) -> None:
    drawing = np.full((140, 140), ground)
    drawing[100:140, 0:35] = 255 - ground
    kind = ImageKind((14, 56), "whole", "light" if ground else "dark")
    image, notes = input_image(drawing, kind)
    expected = np.full((14, 56), ground / 255)
    expected[10:14, 21:24] = 1 - ground / 255
    expected[10:14, 24] = 0.5
    np.testing.assert_allclose(image, expected, atol=1e-6)
    assert notes == [
        "A picture of 140×140 has another form than one of 56×14: there is ground beside it."
    ]


def test_a_frame_of_the_same_form_fills_the_image() -> None:
    drawing = np.indices((150, 601)).sum(axis=0)
    image, notes = input_image(drawing % 256, ImageKind((14, 56), "whole", None))
    assert image.min() > 0
    assert not notes


@given(hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=60)), st.booleans())
def test_any_picture_becomes_an_image(picture: Image, from_pad: bool) -> None:  # noqa: FBT001
    for kind in (DIGITS, WHOLE, ImageKind((5, 9), "whole", None)):
        try:
            image, notes = input_image(picture, kind, from_pad=from_pad)
        except EmptyDrawingError:
            continue
        assert image.shape == kind.shape
        assert image.dtype == np.float32
        assert 0 <= image.min() <= image.max() <= 1
        assert all(note.endswith(".") for note in notes)


def test_the_ground_is_that_of_the_data() -> None:
    light_ink = np.asarray(seven(150), float)
    dark_ink = 255 - light_ink
    plain = input_image(light_ink, WHOLE)
    turned = input_image(dark_ink, WHOLE)
    np.testing.assert_allclose(turned.pixels, plain.pixels, atol=1e-6)
    assert not plain.notes
    assert "swapped" in turned.notes[0]

    on_white = ImageKind((28, 28), "whole", "light")
    np.testing.assert_allclose(input_image(light_ink, on_white).pixels, 1 - plain.pixels, atol=1e-6)
    assert not input_image(dark_ink, on_white).notes
    of_any = ImageKind((28, 28), "whole", None)
    assert not input_image(light_ink, of_any).notes
    assert not input_image(dark_ink, of_any).notes


def test_the_pad_is_light_on_dark_however_much_of_it_is_inked() -> None:
    drawing = 255.0 - np.asarray(seven(140), float)
    image, notes = input_image(drawing, DIGITS, from_pad=True)
    assert np.array_equal(image, digit_image(drawing))
    assert not notes
    assert not input_image(drawing, WHOLE, from_pad=True).notes


def test_nothing_and_no_picture() -> None:
    for kind in (DIGITS, WHOLE):
        with pytest.raises(EmptyDrawingError):
            input_image(np.full((140, 140), 10), kind)
    with pytest.raises(NotAPictureError, match="30 numbers in a row"):
        input_image(np.eye(9), ImageKind((1, 30), "whole"))
    with pytest.raises(ValueError, match="rows and columns"):
        input_image(np.zeros(5), WHOLE)


def test_an_example_with_nothing_on_it_is_one() -> None:
    assert np.array_equal(input_image(np.full((28, 28), 51), WHOLE).pixels[0], [51 * SCALE] * 28)

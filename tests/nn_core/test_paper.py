"""Ink is found on any ground and in any light; what is light on dark already is left alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from nn_core.datasets import Dataset
from nn_core.digit_image import digit_image, ink_of
from nn_core.paper import CLEANED, EVENED, SWAPPED, ground_of, light_on_dark
from tests.pictures import LIGHTS, photograph, seven

SEVEN = ink_of(np.asarray(seven(), float))


def difference(ink: np.ndarray) -> float:
    """How far a digit's image is from the clean one's, as a share of all ink in that."""
    clean = digit_image(SEVEN)
    return float(np.abs(digit_image(ink) - clean).sum() / clean.sum())


@given(ground=st.floats(0, 0.4), ink=st.floats(0.6, 1))
def test_light_ink_on_an_even_dark_ground_is_left_as_it_is(ground: float, ink: float) -> None:
    picture = ground + (ink - ground) * SEVEN
    assert light_on_dark(picture).shades is picture
    assert not light_on_dark(picture).notes


@given(ground=st.floats(0.6, 1), ink=st.floats(0, 0.4))
def test_dark_ink_on_an_even_light_ground_is_turned(ground: float, ink: float) -> None:
    shades, notes = light_on_dark(ground + (ink - ground) * SEVEN)
    assert notes == [SWAPPED]
    assert difference(shades) < 0.01


def test_strokes_may_be_fainter_here_and_there() -> None:
    picture = SEVEN * np.linspace(0.4, 1, 200)
    assert light_on_dark(picture).shades is picture


@pytest.mark.parametrize("is_dark", [False, True])
def test_a_picture_that_is_cut_to_the_ink(digits: Dataset, *, is_dark: bool) -> None:
    """Here the ink has much of the frame's edge, but of all digits it has less than the ground."""
    right = 0
    for pixels in digits.test.images[:100]:
        image = Image.fromarray(pixels.reshape(28, 28))
        picture = ink_of(np.asarray(image.crop(image.getbbox()).resize((150, 200)), float))
        notes = light_on_dark(1 - picture if is_dark else picture).notes
        right += (SWAPPED in notes) == is_dark
    assert right >= 95


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("size", [90, 200, 600])
def test_a_photograph_of_a_digit_on_paper(light: str, size: int) -> None:
    picture = np.asarray(photograph(light, seven(size)), float)
    ink, notes = light_on_dark(ink_of(picture))
    # A shadow whose edge runs along a stroke makes it thinner.
    assert difference(ink) < (0.5 if light == "hard shadow" else 0.25)
    assert notes[0] == SWAPPED
    assert notes[1:] in ([EVENED], [CLEANED], [])
    assert (notes[-1] == EVENED) == (light != "even")


def test_chalk_on_a_board_in_uneven_light() -> None:
    board = 255 - np.asarray(photograph("even"), float)
    light = np.linspace(0.3, 1, 200)
    ink, notes = light_on_dark(ink_of(board * light))
    assert difference(ink) < 0.25
    assert SWAPPED not in notes


def test_noise_on_an_even_ground_is_no_ink() -> None:
    rng = np.random.default_rng(0)
    picture = ink_of(0.4 + 0.3 * SEVEN + rng.normal(0, 0.03, SEVEN.shape))
    ink, notes = light_on_dark(picture)
    assert difference(ink) < 0.2
    assert notes == [CLEANED]


def test_the_ground_of_a_picture() -> None:
    assert ground_of(SEVEN) == "dark"
    assert ground_of(1 - SEVEN) == "light"
    assert ground_of(np.full((9, 9), 0.5)) is None
    assert ground_of(np.indices((20, 20))[0] / 19) is None

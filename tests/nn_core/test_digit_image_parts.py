"""What belongs to a digit, and what is left out: dots, bars, grey."""

import numpy as np
import pytest

from nn_core.digit_image import digit_image
from tests.nn_core.test_digit_image import box_of, placed, stroke


@pytest.mark.parametrize("side", [40, 150, 280])
@pytest.mark.parametrize("place", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_a_dot_left_by_accident_is_left_out(side: int, place: tuple[int, int]) -> None:
    canvas = placed(stroke(side, side), 100, 80, 480, 440)
    dotted = canvas.copy()
    size = max(2, round(0.16 * side))  # as wide as the pen
    top, left = (
        round(at * (length - size)) for at, length in zip(place, canvas.shape, strict=True)
    )
    dotted[top : top + size, left : left + size] = 255
    assert np.array_equal(digit_image(dotted), digit_image(canvas))


def test_a_bar_set_apart_is_kept() -> None:
    """As the top stroke of a 5 is often written."""
    drawing = np.zeros((280, 280))
    drawing[80:240, 60:80] = 255
    drawing[220:240, 60:160] = 255
    drawing[40:60, 100:170] = 255
    assert digit_image(drawing)[:7].sum() > 5


def test_two_parts_of_the_same_size_are_both_kept() -> None:
    drawing = np.zeros((100, 100))
    drawing[10:20, 10:20] = drawing[70:80, 70:80] = 255
    assert box_of(digit_image(drawing)) == (20, 20)


def test_faint_grey_away_from_the_ink_has_no_mass() -> None:
    drawing = np.zeros((280, 280))
    drawing[100:200, 140:150] = 255
    drawing[100:110, 90:200] = 255
    dusty = np.maximum(drawing, 20 * (np.indices(drawing.shape)[1] < 120))
    assert np.abs(digit_image(dusty) - digit_image(drawing)).mean() < 0.01

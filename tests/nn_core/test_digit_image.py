"""A drawing becomes a digit image as MNIST's authors made theirs."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from nn_core.datasets import Dataset
from nn_core.digit_image import EmptyDrawingError, digit_image

Image = NDArray[Any]


def stroke(rows: int, columns: int, seed: int = 0, width: float = 0.08) -> Image:
    """A drawing of a smooth random line that touches all four sides of its canvas, anti-aliased."""
    rng = np.random.default_rng(seed)
    t = np.linspace(0, 2 * np.pi, 400)
    points = np.zeros((2, t.size))
    for k in (1, 2, 3):
        points += rng.normal(size=(2, 1)) * np.cos(k * t + rng.uniform(0, 6, (2, 1))) / k
    points -= points.min(axis=1, keepdims=True)
    points /= points.max(axis=1, keepdims=True)
    radius = width * max(rows, columns)
    y = radius + points[0] * (rows - 2 * radius)
    x = radius + points[1] * (columns - 2 * radius)
    centres_y, centres_x = np.arange(rows) + 0.5, np.arange(columns) + 0.5
    distance = np.full((rows, columns), np.inf)
    for one_y, one_x in zip(y, x, strict=True):
        np.minimum(distance, np.hypot(centres_y[:, None] - one_y, centres_x - one_x), out=distance)
    return np.clip(radius - distance + 0.5, 0, 1) * 255


def placed(drawing: Image, top: int, left: int, rows: int, columns: int) -> Image:
    canvas = np.zeros((rows, columns), drawing.dtype)
    canvas[top : top + drawing.shape[0], left : left + drawing.shape[1]] = drawing
    return canvas


def centre_of_mass(image: Image) -> tuple[float, float]:
    positions = np.arange(28) + 0.5
    mass = image.sum()
    return image.sum(axis=1) @ positions / mass, image.sum(axis=0) @ positions / mass


def box_of(image: Image, above: float = 0) -> tuple[int, int]:
    """Rows and columns of the smallest box around what is brighter than that."""
    rows = np.flatnonzero((image > above).any(axis=1))
    columns = np.flatnonzero((image > above).any(axis=0))
    return int(rows[-1] - rows[0] + 1), int(columns[-1] - columns[0] + 1)


drawings = st.one_of(
    hnp.arrays(
        st.sampled_from([np.uint8, np.int16, np.float32, np.float64, np.bool_]),
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=40),
    ),
    hnp.arrays(
        np.float64,
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=40),
        elements=st.floats(-1e6, 1e6),
    ),
)


@given(drawings)
def test_any_drawing_gives_a_digit_image_or_a_value_error(drawing: Image) -> None:
    try:
        image = digit_image(drawing)
    except ValueError:
        return
    assert image.shape == (28, 28)
    assert image.dtype == np.float32
    assert image.min() == 0
    assert image.max() == 1
    rows, columns = box_of(image)
    assert rows <= 20
    assert columns <= 20


@given(
    drawing=hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=30)),
    top=st.integers(0, 50),
    left=st.integers(0, 50),
    below=st.integers(0, 50),
    right=st.integers(0, 50),
)
def test_where_on_the_canvas_the_drawing_is_does_not_matter(
    drawing: Image, top: int, left: int, below: int, right: int
) -> None:
    assume(drawing.any())
    rows, columns = drawing.shape
    framed = placed(drawing, 1, 1, rows + 2, columns + 2)
    canvas = placed(drawing, 1 + top, 1 + left, rows + top + below + 2, columns + left + right + 2)
    assert np.array_equal(digit_image(canvas), digit_image(framed))


@pytest.mark.parametrize("seed", range(5))
def test_how_large_it_is_drawn_hardly_matters(seed: int) -> None:
    small, large = (digit_image(stroke(side, side, seed)) for side in (100, 250))
    assert np.abs(small - large).mean() < 0.02


@given(
    drawing=hnp.arrays(np.uint8, (9, 7), elements=st.integers(0, 255), fill=st.just(0)),
    gain=st.floats(0.1, 100),
    offset=st.floats(-50, 50),
)
def test_brightness_and_contrast_do_not_matter(drawing: Image, gain: float, offset: float) -> None:
    drawing[0] = 0
    drawing[4, 3] = 255
    assume(not ((drawing > 24) & (drawing < 27)).any())  # a hair above or below what is ink
    changed = drawing * gain + offset
    np.testing.assert_allclose(digit_image(changed), digit_image(drawing), atol=2e-3)


@given(drawing=hnp.arrays(np.uint8, (11, 8)))
def test_a_mirrored_drawing_gives_the_mirrored_digit(drawing: Image) -> None:
    """But for the half pixel that the centre of mass is rounded by: compare the digits alone."""
    drawing[0] = 0
    drawing[5, 4] = 255

    def digit(image: Image) -> Image:
        rows = np.flatnonzero(image.any(axis=1))
        columns = np.flatnonzero(image.any(axis=0))
        return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]

    plain, mirrored = digit(digit_image(drawing)), digit(digit_image(drawing[:, ::-1]))
    np.testing.assert_allclose(mirrored[:, ::-1], plain, atol=1e-5)


@given(rows=st.integers(1, 60), columns=st.integers(1, 60))
def test_a_filled_box_keeps_its_aspect_and_is_20_pixels_at_its_longer_side(
    rows: int, columns: int
) -> None:
    box = placed(np.ones((rows, columns)), 3, 3, rows + 6, columns + 6)

    image = digit_image(box)

    longer = max(rows, columns)
    expected = tuple(max(1, 20 * side / longer) for side in (rows, columns))
    assert box_of(image) == pytest.approx(expected, abs=0.5)
    assert max(box_of(image)) == 20
    np.testing.assert_allclose(image[image > 0], 1, rtol=1e-6)
    assert centre_of_mass(image) == pytest.approx((14, 14), abs=0.51)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("rows", "columns"), [(120, 120), (120, 50), (40, 160)])
def test_a_stroke_is_centred_by_its_mass(seed: int, rows: int, columns: int) -> None:
    drawing = placed(stroke(rows, columns, seed, width=0.05), 10, 200, 400, 600)

    image = digit_image(drawing)

    assert centre_of_mass(image) == pytest.approx((14, 14), abs=0.51)
    height, width = box_of(image)
    assert max(height, width) == 20
    assert height / width == pytest.approx(rows / columns, rel=0.15)


def test_it_is_anti_aliased() -> None:
    image = digit_image(stroke(140, 140))
    grey = (image > 0.05) & (image < 0.95)
    assert grey.sum() > 30


def test_mass_far_to_one_side_leaves_the_digit_whole() -> None:
    drawing = np.zeros((40, 40))
    drawing[:, :4] = 255
    drawing[20, :] = 60  # a faint arm that reaches far
    image = digit_image(drawing)
    assert box_of(image) == (20, 20)
    assert image[:, 27].any()  # as far to the right as it can go
    assert centre_of_mass(image)[1] < 12  # and its mass is still left of the centre


@pytest.mark.parametrize("value", [0, 1, 255, -3.5])
@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (1, 50), (280, 280)])
def test_a_uniform_drawing_is_empty(value: float, shape: tuple[int, int]) -> None:
    with pytest.raises(EmptyDrawingError, match="empty"):
        digit_image(np.full(shape, value))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_no_drawing(value: float) -> None:
    drawing = np.zeros((5, 5))
    drawing[2, 2] = value
    with pytest.raises(ValueError, match="finite"):
        digit_image(drawing)


@pytest.mark.parametrize("shape", [(), (5,), (5, 5, 3), (0, 5), (5, 0), (0, 0)])
def test_what_has_no_rows_and_columns_is_no_drawing(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="rows and columns"):
        digit_image(np.ones(shape))


@pytest.mark.parametrize("drawing", [[["a", "b"]], [[None, 1]], [[1], [1, 2]]], ids=str)
def test_what_is_no_numbers_is_no_drawing(drawing: Any) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        digit_image(drawing)


@pytest.mark.parametrize("brightest", [1e-300, 1e-40, 1.0, 1e30, 3e38, 1e39, 1e300])
def test_the_scale_of_the_numbers_does_not_matter(brightest: float) -> None:
    drawing = np.zeros((20, 20))
    drawing[4:12, 5:9] = brightest
    assert np.array_equal(digit_image(drawing), digit_image(drawing > 0))


def test_dark_and_light_may_be_as_far_apart_as_numbers_go() -> None:
    drawing = np.full((20, 20), -3e38, np.float32)
    drawing[4:12, 5:9] = 3e38
    assert np.array_equal(digit_image(drawing), digit_image(drawing > 0))


@pytest.mark.parametrize(
    "dtype", [np.uint8, np.int8, np.uint16, np.int64, np.float16, np.float32, np.float64, np.bool_]
)
def test_any_numeric_type(dtype: Any) -> None:
    drawing = np.zeros((20, 20), dtype)
    drawing[4:12, 5:9] = 1
    assert np.array_equal(digit_image(drawing), digit_image(drawing.astype(np.float64)))
    assert np.array_equal(digit_image(drawing.tolist()), digit_image(drawing))


def test_the_drawing_is_left_alone() -> None:
    drawing = stroke(50, 50).astype(np.float32)
    before = drawing.copy()
    digit_image(drawing)
    assert np.array_equal(drawing, before)


@pytest.mark.parametrize("shape", [(3, 3), (100, 7), (1, 5), (5, 1)])
def test_a_single_pixel_is_a_square_blot_in_the_middle(shape: tuple[int, int]) -> None:
    drawing = np.zeros(shape)
    drawing[shape[0] // 2, shape[1] // 2] = 200
    expected = np.zeros((28, 28))
    expected[4:24, 4:24] = 1
    np.testing.assert_allclose(digit_image(drawing), expected)


def test_a_drawing_of_one_row_or_one_column() -> None:
    line = np.zeros((1, 500))
    line[0, 100:200] = 1
    image = digit_image(line)
    assert box_of(image) == (1, 20)
    assert box_of(digit_image(line.T)) == (20, 1)
    assert np.array_equal(digit_image(line.T).T, image)


def test_a_very_large_drawing() -> None:
    drawing = np.zeros((3000, 2000), np.uint8)
    drawing[500:2500, 900:1100] = 255
    assert box_of(digit_image(drawing)) == (20, 2)


def test_mnists_own_digits_enlarged_give_nearly_themselves(digits: Dataset) -> None:
    """They were made this way, so making them again from a larger one changes little."""
    differences = []
    for pixels in digits.test.images[:100]:
        original = pixels.reshape(28, 28) / 255
        large = np.kron(original, np.ones((10, 10)))
        canvas = placed(large, 37, 120, 500, 700)
        image = digit_image(canvas)
        off_by = min(
            np.abs(np.roll(image, (down, right), (0, 1)) - original).mean()
            for down in (-1, 0, 1)
            for right in (-1, 0, 1)
        )
        differences.append(off_by)
    blank = digits.test.images[:100].mean() / 255  # what an empty image would be off by
    assert np.mean(differences) < 0.15 * blank

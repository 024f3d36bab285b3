"""A picture scaled by area keeps what it has, and an enlarged one becomes itself again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from nn_core.scaling import resize, resize_by_area

images = hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=30))


@given(image=images, down=st.integers(1, 12), across=st.integers(1, 12))
def test_an_image_enlarged_by_whole_numbers_becomes_itself(
    image: NDArray[np.uint8], down: int, across: int
) -> None:
    large = image.repeat(down, 0).repeat(across, 1).astype(float)
    again = resize_by_area(large, *image.shape).astype(np.float32)
    assert np.array_equal(again, image)


@given(image=images, rows=st.integers(1, 40), columns=st.integers(1, 40))
def test_no_pixel_gets_lighter_or_darker_than_all_were(
    image: NDArray[np.uint8], rows: int, columns: int
) -> None:
    for scaled in (
        resize_by_area(image.astype(float), rows, columns),
        resize(image.astype(float), rows, columns),
    ):
        assert scaled.shape == (rows, columns)
        assert scaled.min() >= image.min() - 1e-3
        assert scaled.max() <= image.max() + 1e-3


@given(image=hnp.arrays(np.uint8, (20, 30)), rows=st.integers(1, 20), columns=st.integers(1, 30))
def test_the_mean_stays_where_it_shrinks_by_area(
    image: NDArray[np.uint8], rows: int, columns: int
) -> None:
    scaled = resize_by_area(image.astype(float), rows, columns)
    assert scaled.mean() == pytest.approx(image.mean())

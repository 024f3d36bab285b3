"""Images: fetched, made numbers, and where their ink is."""

import numpy as np
from numpy.typing import NDArray

from nn_core.compiled import compiled
from nn_core.parameters import FloatArray

LINE = 16  # pixels: where ink begins and ends is rounded to whole lines of the cache


@compiled
def take(
    images: NDArray[np.uint8], rows: NDArray[np.intp], x: FloatArray
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Write these images into x, as numbers from 0 to 1, and 0 into what is left of x.

    Return for each four of them where the first ink begins, and where the last has ended.
    """
    # First only fetch them, one after the other: they come from all over the memory, and the less
    # there is to do with each, the more of them are on their way at once.
    pixels = images.shape[1]
    fetched = np.empty((x.shape[0], pixels), np.uint8)
    for e in range(rows.size):
        image, row = images[rows[e]], fetched[e]
        for p in range(pixels):
            row[p] = image[p]
    fetched[rows.size :] = 0
    scale = x.dtype.type(1 / 255)
    for e in range(fetched.shape[0]):
        row, numbers = fetched[e], x[e]
        for p in range(pixels):
            numbers[p] = row[p] * scale
    fours = x.shape[0] // 4
    first, end = np.empty(fours, np.intp), np.empty(fours, np.intp)
    together = np.empty(pixels, np.uint8)  # four images, one on top of the other
    for four in range(fours):
        i0, i1, i2, i3 = fetched[4 * four : 4 * four + 4]
        for p in range(pixels):
            together[p] = i0[p] | i1[p] | i2[p] | i3[p]
        first[four], end[four] = bounds_of_ink(together)
    return first, end


@compiled
def bounds_of_ink(image: NDArray[np.uint8]) -> tuple[int, int]:
    """Return how many pixels come before the first ink, and before the end of the last.

    In whole lines; both are equal where there is no ink.
    """
    begin, end = 0, image.size
    if not has_ink(image[image.size // LINE * LINE :]):
        end = image.size // LINE * LINE
    while begin + LINE <= end and not has_ink(image[begin : begin + LINE]):
        begin += LINE
    while begin + LINE <= end and not has_ink(image[end - LINE : end]):
        end -= LINE
    return begin, end


@compiled
def has_ink(line: NDArray[np.uint8]) -> bool:
    """Return whether any of these pixels is not 0."""
    ink = np.uint8(0)
    for p in range(line.size):
        ink |= line[p]
    return ink != 0

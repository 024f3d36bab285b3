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
    fetched = np.empty((rows.size, pixels), np.uint8)
    for e in range(rows.size):
        image, row = images[rows[e]], fetched[e]
        for p in range(pixels):
            row[p] = image[p]
    scale = x.dtype.type(1 / 255)
    for e in range(rows.size):
        row, numbers = fetched[e], x[e]
        for p in range(pixels):
            numbers[p] = row[p] * scale
    x[rows.size :] = 0
    fours = x.shape[0] // 4
    first, end = np.empty(fours, np.intp), np.empty(fours, np.intp)
    for four in range(fours):
        begin, stop = pixels, 0
        for image in fetched[4 * four : 4 * four + 4]:
            begin, stop = first_ink(image, begin), end_of_ink(image, stop)
        first[four], end[four] = min(begin, stop), stop
    return first, end


@compiled
def first_ink(image: NDArray[np.uint8], most: int) -> int:
    """Return how many pixels come before the first ink, in whole lines; ``most`` at most."""
    for begin in range(0, most - LINE + 1, LINE):
        line = image[begin : begin + LINE]
        ink = np.uint8(0)
        for p in range(LINE):
            ink |= line[p]
        if ink:
            return begin
    return most // LINE * LINE


@compiled
def end_of_ink(image: NDArray[np.uint8], least: int) -> int:
    """Return where the last ink has ended, in whole lines; ``least`` at least."""
    last = image.size // LINE * LINE
    for p in range(last, image.size):
        if image[p]:
            return image.size
    for begin in range(last - LINE, least - 1, -LINE):
        line = image[begin : begin + LINE]
        ink = np.uint8(0)
        for p in range(LINE):
            ink |= line[p]
        if ink:
            return begin + LINE
    return least

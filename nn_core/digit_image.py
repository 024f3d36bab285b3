"""A drawing becomes a digit image: 28×28 pixels, made the way MNIST's authors made theirs.

A network reads well only what looks like its training images. Those were scanned digits, scaled
with their aspect ratio kept to fit into a box of 20×20 pixels, which gave grey edges, and placed in
28×28 pixels with their centre of mass at the centre (LeCun, Cortes, Burges, the MNIST database). So
the same is done to a drawing, wherever on the canvas it is and however large.

A person's drawing has what their scans had not: a dot where the pen touched by accident, which
would make the digit small and push it aside. Such dots are taken away first.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_core.parameters import FloatArray

SIDE = 28  # of the digit image
BOX = 20  # the digit itself fits into a box with this side
TINY = np.finfo(np.float64).tiny
INK = 0.1  # what is lighter than the background by this share of the whole range counts as ink

# What is apart from the rest is a dot if it is so much shorter, and has so much less ink, than the
# largest part. The upper stroke of a 5 is longer, and a dot that the pen left has less ink.
DOT_LENGTH = 0.2
DOT_INK = 0.08
SEARCHED = (
    128  # rows and columns, at most, in which dots are looked for: finer would only be slower
)


class EmptyDrawingError(ValueError):
    """There is nothing in the drawing."""


def digit_image(drawing: ArrayLike) -> NDArray[np.float32]:
    """Return the digit image of a drawing: shape (28, 28), from 0 (background) to 1 (ink).

    ``drawing`` is a grayscale image of any size, light ink on a dark background, of any numeric
    type.

    Raises EmptyDrawingError if it has no ink, ValueError if it is no two-dimensional image of
    finite numbers.
    """
    pixels = np.asarray(drawing, np.float64)
    if pixels.ndim != 2 or pixels.size == 0:  # noqa: PLR2004 - rows and columns
        raise ValueError(f"a drawing has rows and columns of pixels, not the shape {pixels.shape}")
    if not np.isfinite(pixels).all():
        raise ValueError("a drawing's pixels are finite numbers")
    pixels = pixels / max(np.abs(pixels).max(), TINY)  # so that no difference can overflow
    background, brightest = pixels.min(), pixels.max()
    if background == brightest:
        raise EmptyDrawingError("the drawing is empty: all of its pixels are the same")
    pixels = (pixels - background) / (brightest - background)
    pixels *= np.clip(2 * pixels / INK - 1, 0, 1)  # noise far below the ink has no weight
    digit = _crop_to_ink(_without_dots(_crop_to_ink(pixels)))
    scale = BOX / max(digit.shape)
    rows, columns = (max(1, round(length * scale)) for length in digit.shape)
    digit = _resize(digit, rows, columns)
    return _centre_by_mass(digit / digit.max())


def _crop_to_ink(pixels: FloatArray) -> FloatArray:
    """Cut off the rows and columns around the digit that have no ink."""
    ink = pixels > INK
    rows = np.flatnonzero(ink.any(axis=1))
    columns = np.flatnonzero(ink.any(axis=0))
    return pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _without_dots(digit: FloatArray) -> FloatArray:
    """Take away what is apart from the rest, and so small that no stroke of a digit is."""
    searched = min(digit.shape[0], SEARCHED), min(digit.shape[1], SEARCHED)
    parts = _connected_parts(_resize(digit, *searched) > INK)
    if np.ptp(parts[parts > 0]) == 0:
        return digit  # all of it is one part

    # The ink of each part, and its length: of the box around it, the longer side.
    names, part, ink = np.unique(parts, return_inverse=True, return_counts=True)
    length = np.zeros(len(names))
    for axis, place in enumerate(np.indices(searched)):
        first, last = np.full(len(names), SEARCHED), np.zeros(len(names), np.intp)
        np.minimum.at(first, part, place)
        np.maximum.at(last, part, place)
        length = np.maximum(length, (last - first + 1) * digit.shape[axis] / searched[axis])
    ink[0] = 0  # the ground has none
    largest = ink.argmax()
    is_dot = (ink <= DOT_INK * ink[largest]) & (length <= DOT_LENGTH * length[largest])

    # Their grey edges go with them, unless they are the edges of something else, too.
    kept = parts * ~is_dot[part] > 0
    removed = (_largest_around(parts * is_dot[part]) > 0) & (_largest_around(kept) == 0)
    row, column = (
        np.arange(new) * old // new for old, new in zip(searched, digit.shape, strict=True)
    )
    return digit * ~removed[np.ix_(row, column)]


def _connected_parts(ink: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Name the connected parts of the ink: the same number all over a part, 0 for the ground.

    Pixels that touch, also at a corner, belong together. Each pixel starts with its own number and
    takes the largest one around it, again and again, until nothing changes. As a number is also
    the place of a pixel, and that one may have found a larger one already, it spreads in leaps.
    """
    names = np.where(ink, np.arange(1, ink.size + 1).reshape(ink.shape), 0)
    while True:
        largest = _largest_around(names) * ink
        leapt = np.concatenate([[0], largest.ravel()])[largest]
        if np.array_equal(leapt, names):
            return names
        names = leapt


def _largest_around(image: NDArray[Any]) -> NDArray[Any]:
    """Return for each pixel the largest of its own number and those of the eight around it."""
    padded = np.pad(image, 1)
    tall = np.maximum(np.maximum(padded[:-2], padded[1:-1]), padded[2:])
    largest: NDArray[Any] = np.maximum(np.maximum(tall[:, :-2], tall[:, 1:-1]), tall[:, 2:])
    return largest


def _resize(image: FloatArray, rows: int, columns: int) -> FloatArray:
    """Scale an image, anti-aliased: each new pixel is a weighted mean of the old ones under it."""
    return _blend(image.shape[0], rows) @ image @ _blend(image.shape[1], columns).T


def _blend(old: int, new: int) -> FloatArray:
    """Return how much of each of ``old`` pixels goes into each of ``new`` ones, shape (new, old).

    The share falls off linearly with the distance (a triangle filter), over the width of one new
    pixel where the image shrinks and of one old pixel where it grows. Each row sums to 1.
    """
    scale = old / new
    width = max(scale, 1)
    centres = (np.arange(new) + 0.5) * scale
    distance = np.abs(centres[:, None] - (np.arange(old) + 0.5)) / width
    share = np.maximum(0, 1 - distance)
    share /= share.sum(axis=1, keepdims=True)
    return share.astype(np.float32)


def _centre_by_mass(digit: FloatArray) -> NDArray[np.float32]:
    """Place the digit in a 28×28 image so that its centre of mass is at the image's centre.

    A digit whose mass is far to one side stays inside, off the centre.
    """
    mass = digit.sum()
    image = np.zeros((SIDE, SIDE), np.float32)
    corner = []
    for axis, length in enumerate(digit.shape):
        centre = digit.sum(axis=1 - axis) @ (np.arange(length) + 0.5) / mass
        corner.append(min(max(round(SIDE / 2 - centre), 0), SIDE - length))
    top, left = corner
    image[top : top + digit.shape[0], left : left + digit.shape[1]] = digit
    return image

"""A drawing becomes a digit image: 28×28 pixels, made the way MNIST's authors made theirs.

A network reads well only what looks like its training images. Those were scanned digits, scaled
with their aspect ratio kept to fit into a box of 20×20 pixels, which gave grey edges, and placed in
28×28 pixels with their centre of mass at the centre (LeCun, Cortes, Burges, the MNIST database). So
the same is done to a drawing, wherever on the canvas it is and however large.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_core.parameters import FloatArray

SIDE = 28  # of the digit image
BOX = 20  # the digit itself fits into a box with this side
TINY = np.finfo(np.float64).tiny
INK = 0.1  # what is lighter than the background by this share of the whole range counts as ink


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
    digit = _crop_to_ink(pixels)
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

"""A drawing becomes a digit image: 28×28 pixels, made the way MNIST's authors made theirs.

A network reads well only what looks like its training images. Those were scanned digits, scaled
with their aspect ratio kept to fit into a box of 20×20 pixels, which gave grey edges, and placed in
28×28 pixels with their centre of mass at the centre (LeCun, Cortes, Burges, the MNIST database). So
the same is done to a drawing, wherever on the canvas it is and however large. A dot that the pen
left by accident would be scaled with it and shift it: what is too small to be a stroke is left out.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_core.parameters import FloatArray
from nn_core.scaling import resize

SIDE = 28  # of the digit image
BOX = 20  # the digit itself fits into a box with this side
TINY = np.finfo(np.float64).tiny
WHITE = 250  # of 255: the brightest pixel of a digit image is no darker
INK = 0.1  # what is lighter than the background by this share of the whole range counts as ink
FAINT = 25  # of 255: the lightest shade that is none on a digit image

CELLS = 64  # along the longer side of a drawing, when it is looked for what hangs together
# A part is a stray dot if it has less than this share of the ink of the largest part, and is
# shorter than this share of its longer side. The bar of a 5 that is set apart is longer.
STRAY_INK = 1 / 8
STRAY_LENGTH = 0.3


class EmptyDrawingError(ValueError):
    """There is nothing in the drawing."""


def are_digit_images(images: NDArray[np.uint8]) -> NDArray[np.bool]:
    """Return for each image, shape (images, rows, columns), whether it is a digit image already.

    All 70,000 of MNIST are by these signs, and other pictures hardly ever: the ground is black,
    something is white, the box around all ink, or around all but the faintest, has a side of 20
    pixels, or of 19 where the scan was faint, and no longer one, and the centre of mass is less
    than a pixel from the centre.
    """
    if images.shape[1:] != (SIDE, SIDE):
        return np.zeros(len(images), bool)
    fits = np.zeros(len(images), bool)
    for faintest in (0, FAINT):
        sides = [_extent(images.max(axis=axis) > faintest) for axis in (1, 2)]
        fits |= np.isin(np.maximum(*sides), (BOX - 1, BOX))
    has_range = (images.min(axis=(1, 2)) == 0) & (images.max(axis=(1, 2)) >= WHITE)
    mass = np.maximum(1, images.sum(axis=(1, 2), dtype=np.int64))
    centres = np.arange(SIDE) + 0.5
    across = images.sum(axis=1, dtype=np.int64) @ centres / mass
    down = images.sum(axis=2, dtype=np.int64) @ centres / mass
    off = np.maximum(np.abs(across - SIDE / 2), np.abs(down - SIDE / 2))
    return fits & has_range & (off < 1)


def has_several_parts(image: NDArray[np.uint8]) -> bool:
    """Return whether the ink on an image does not all hang together."""
    part = parts_of(image > INK * 255)
    return bool(np.any((part > 0) & (part != part.max())))


def _extent(has_ink: NDArray[np.bool]) -> NDArray[np.intp]:
    """Return how long the stretch from the first to the last True of each row is."""
    return has_ink.shape[1] - has_ink.argmax(axis=1) - has_ink[:, ::-1].argmax(axis=1)


def digit_image(drawing: ArrayLike) -> NDArray[np.float32]:
    """Return the digit image of a drawing: shape (28, 28), from 0 (background) to 1 (ink).

    ``drawing`` is a grayscale image of any size, light ink on a dark background, of any numeric
    type.

    Raises EmptyDrawingError if it has no ink, ValueError if it is no two-dimensional image of
    finite numbers.
    """
    digit = _crop_to_ink(ink_of(drawing))
    digit = _crop_to_ink(digit * ~_is_stray(digit))
    scale = BOX / max(digit.shape)
    rows, columns = (max(1, round(length * scale)) for length in digit.shape)
    digit = resize(digit, rows, columns)
    return _centre_by_mass(digit / digit.max())


def ink_of(drawing: ArrayLike) -> FloatArray:
    """Return how much ink is on each pixel: from 0, the darkest one, to 1, the lightest.

    Raises what ``digit_image`` raises.
    """
    pixels = as_drawing(drawing)
    background, brightest = pixels.min(), pixels.max()
    if background == brightest:
        raise EmptyDrawingError("the drawing is empty: all of its pixels are the same")
    # (pixels − background) / (brightest − background): in place, as a drawing may be large, and
    # divided by the largest number first, so that no difference can overflow.
    largest = max(abs(background), abs(brightest), TINY)
    pixels /= largest
    pixels -= background / largest
    pixels /= brightest / largest - background / largest
    return pixels


def as_drawing(pixels: ArrayLike) -> FloatArray:
    """Return rows and columns of finite numbers, a copy. Raises ValueError if they are not."""
    drawing = np.array(pixels, np.float64)
    if drawing.ndim != 2 or drawing.size == 0:  # noqa: PLR2004 - rows and columns
        raise ValueError(f"a drawing has rows and columns of pixels, not the shape {drawing.shape}")
    if not np.isfinite(drawing.min()) or not np.isfinite(drawing.max()):  # NaN if any pixel is
        raise ValueError("a drawing's pixels are finite numbers")
    return drawing


def _crop_to_ink(pixels: FloatArray) -> FloatArray:
    """Cut off the rows and columns around the digit that have no ink."""
    ink = pixels > INK
    rows = np.flatnonzero(ink.any(axis=1))
    columns = np.flatnonzero(ink.any(axis=0))
    return pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _is_stray(pixels: FloatArray) -> NDArray[np.bool]:
    """Return which pixels of a cropped drawing are no strokes of it, nor near one.

    They are in parts that are too small, or are a faint grey, which would have its share in the
    mass.
    """
    # What hangs together is found on a coarse grid of cells; a cell has ink if any pixel of it has.
    cell = -(-max(pixels.shape) // CELLS)
    starts = [np.arange(0, length, cell) for length in pixels.shape]
    ink = np.add.reduceat(pixels > INK, starts[0], axis=0, dtype=np.int64)
    ink = np.add.reduceat(ink, starts[1], axis=1)
    part = parts_of(ink > 0)
    row, column = np.nonzero(ink)
    number = part[row, column]
    ink_of = np.bincount(number, ink[row, column])
    length_of = np.zeros(len(ink_of))
    for place in (row, column):
        first, last = np.full(len(ink_of), CELLS), np.zeros(len(ink_of))
        np.minimum.at(first, number, place)
        np.maximum.at(last, number, place)
        np.maximum(length_of, last - first + 1, out=length_of)
    largest = ink_of.argmax()
    stray = (ink_of < STRAY_INK * ink_of[largest]) & (length_of < STRAY_LENGTH * length_of[largest])
    near = _largest_around(part * ~stray[part]) > 0
    rows, columns = pixels.shape
    return ~near.repeat(cell, 0)[:rows].repeat(cell, 1)[:, :columns]


def parts_of(ink: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Number the parts that hang together, also by a corner: shape of ``ink``, 0 for no ink.

    Each cell starts as a part of its own and joins the highest numbered part that it touches. A
    part's number is that of one of its cells, so all of it follows when that cell joins another.
    """
    numbers = np.arange(1, ink.size + 1).reshape(ink.shape) * ink
    while True:
        touched = _largest_around(numbers) * ink
        joined = np.append(0, touched)[touched]
        if np.array_equal(joined, numbers):
            return numbers
        numbers = joined


def _largest_around(numbers: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the largest number in the 3×3 cells around each one."""
    rows, columns = numbers.shape
    framed = np.zeros((rows + 2, columns + 2), numbers.dtype)  # np.pad takes ten times as long
    framed[1:-1, 1:-1] = numbers
    three_rows = np.maximum(np.maximum(framed[:-2], framed[1:-1]), framed[2:])
    return np.maximum(np.maximum(three_rows[:, :-2], three_rows[:, 1:-1]), three_rows[:, 2:])


def _centre_by_mass(digit: FloatArray) -> NDArray[np.float32]:
    """Place the digit in a 28×28 image so that its centre of mass is at the image's centre.

    A digit whose mass is far to one side stays inside, off the centre.
    """
    mass = digit.sum()
    image = np.zeros((SIDE, SIDE), np.float32)
    corner = []
    for axis, length in enumerate(digit.shape):
        centre = digit.sum(axis=1 - axis) @ (np.arange(length) + 0.5) / mass
        # A digit with equal halves may lie right between two places: the rounding errors of the
        # sums, which the page adds up in another order, must not decide.
        start = round(round(SIDE / 2 - centre, 6))
        corner.append(min(max(start, 0), SIDE - length))
    top, left = corner
    image[top : top + digit.shape[0], left : left + digit.shape[1]] = digit
    return image

"""Augmentation: each time an image is trained on, it is turned, scaled, slanted and moved a little.

No two people write a digit alike, and nobody writes it alike twice. A network that sees each
training image only as it is can learn it by heart; one that sees it a little different each time
has to learn what stays the same (Simard, Steinkraus and Platt, 2003).
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from nn_core.parameters import FloatArray

# Each is drawn evenly from minus this to plus this, for each image anew. Together they stay inside
# what people do: with much more a 6 or a 9, a 1 or a 7 begin to be mistaken for each other.
ROTATION = np.radians(12)
SCALING = 0.12  # of the height and, apart from it, of the width
SHEAR = 0.2  # pixels to the side for each pixel down: as handwriting slants
SHIFT = 2 / 28  # of the height and of the width: two pixels of an MNIST image


def augment(x: FloatArray, input_shape: tuple[int, int], rng: np.random.Generator) -> FloatArray:
    """Return the images x, each with a small random rotation, scaling, shear and shift of its own.

    x has shape (examples, pixels), the pixels of an image row by row, and so has the result, of the
    same type. ``input_shape`` is the rows and columns of an image. What comes from outside of the
    image is background, 0. The same state of ``rng`` gives the same images, bit for bit.

    Raises ValueError if the images do not have that shape.
    """
    rows, columns = input_shape
    examples, pixels = x.shape
    if pixels != rows * columns:
        raise ValueError(f"images of {pixels} pixels do not have {rows} rows of {columns}")

    # A frame of background, one pixel wide, around each image: where all of the outside is found.
    framed = np.zeros((examples, rows + 2, columns + 2), x.dtype)
    framed[:, 1:-1, 1:-1] = x.reshape(examples, rows, columns)

    # Go through the new image and ask of each pixel p where in the old one it comes from, as that
    # leaves no holes: at A (p − centre) + centre + shift. In one product for all images and pixels:
    # A with a third column centre + shift, shape (2, examples, 3), times p − centre with a 1 below
    # it, shape (3, pixels).
    transformation = _random_transformations(examples, input_shape, rng)
    source = transformation.reshape(-1, 3) @ _pixels_from_centre(rows, columns)
    for coordinates, length in zip(source.reshape(2, -1), input_shape, strict=True):
        coordinates.clip(0, length + 1, out=coordinates)

    # The nearest old pixel, and not a blend of four: it trains as good a network in half the time.
    # Its place among all pixels is (image · rows + row) · columns + column, of the framed images.
    # In place and in 32 bits, as that is several times as fast.
    place, column = source.astype(np.int32).reshape(2, examples, pixels)  # first only the row
    place += np.arange(0, examples * (rows + 2), rows + 2, dtype=np.int32)[:, None]
    place *= columns + 2
    place += column
    return framed.reshape(-1).take(place, mode="clip")  # none is outside: "clip" checks faster


def _random_transformations(
    examples: int, input_shape: tuple[int, int], rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return A with a third column centre + shift for each image, shape (2, examples, 3).

    A is a rotation times a shear times a scaling::

        cos −sin     1    0     height  0
        sin  cos     shear 1    0       width
    """
    rows, columns = input_shape
    largest = np.array(
        [ROTATION, SHEAR, SCALING, SCALING, SHIFT * rows, SHIFT * columns], np.float32
    )
    drawn = (2 * rng.random((examples, 6), np.float32) - 1) * largest
    angle, shear, height, width, down, right = drawn.T
    height = 1 + height
    width = 1 + width
    cos, sin = np.cos(angle), np.sin(angle)

    transformation = np.empty((2, examples, 3), np.float32)
    transformation[0, :, 0] = (cos - sin * shear) * height
    transformation[0, :, 1] = -sin * width
    transformation[1, :, 0] = (sin + cos * shear) * height
    transformation[1, :, 1] = cos * width
    # The centre, (rows − 1) / 2, counts the pixels from 0; in the frame they count from 1; and ½
    # more, because cutting off the decimals then rounds to the nearest.
    transformation[0, :, 2] = down + (rows + 2) / 2
    transformation[1, :, 2] = right + (columns + 2) / 2
    return transformation


@cache
def _pixels_from_centre(rows: int, columns: int) -> NDArray[np.float32]:
    """Return each pixel's row and column, counted from the centre, and a 1: shape (3, pixels)."""
    row, column = np.divmod(np.arange(rows * columns), columns)
    ones = np.ones(rows * columns)
    return np.array([row - (rows - 1) / 2, column - (columns - 1) / 2, ones], np.float32)

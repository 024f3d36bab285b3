"""A PNG becomes an array of pixels, and a network reads it.

The bytes may come from anybody: the size that a picture claims is checked before it is decoded.
"""

import io
import math
import warnings
from typing import Any

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from nn_core.digit_image import SIDE, EmptyDrawingError, digit_image
from nn_core.network import Network
from nn_core.parameters import FloatArray

BROKEN = (OSError, SyntaxError, ValueError, AssertionError, LookupError)
"""What Pillow raises for a broken picture: one without its palette, or with half a chunk."""


class BadDrawingError(ValueError):
    """These bytes are no picture that can be read; the message says why."""


class NotAPictureError(ValueError):
    """The network reads numbers that are no picture."""


def decode_png(body: bytes, max_pixels: int) -> FloatArray:
    """Return a PNG's pixels in shades of grey, shape (rows, columns). Raises BadDrawingError."""
    if not body:
        raise BadDrawingError("the body is empty: send the drawing as a PNG image")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # checked right here
            picture = Image.open(io.BytesIO(body), formats=["PNG"])
        width, height = picture.size
        if width * height > max_pixels:
            raise BadDrawingError(
                f"{width:,}×{height:,} pixels are too many; {max_pixels:,} are allowed"
            )
        return _grey(picture)
    except UnidentifiedImageError as error:
        raise BadDrawingError("the body is not a PNG image") from error
    except Image.DecompressionBombError as error:
        raise BadDrawingError(
            f"the picture is too large; {max_pixels:,} pixels are allowed"
        ) from error
    except BROKEN as error:
        if isinstance(error, BadDrawingError):
            raise
        raise BadDrawingError(f"the PNG image is broken ({error})") from error


def _grey(picture: Image.Image) -> FloatArray:
    """Return the picture on a black ground, from 0 to 255; 16-bit pictures keep their range."""
    if picture.mode in ("I", "I;16", "I;16B", "F"):
        return np.asarray(picture, np.float32)
    if picture.has_transparency_data:
        ground = Image.new("RGBA", picture.size, "black")
        picture = Image.alpha_composite(ground, picture.convert("RGBA"))
    return np.asarray(picture.convert("L"), np.float32)


def input_image(pixels: FloatArray, shape: tuple[int, int]) -> FloatArray:
    """Return a drawing as the image that a network with inputs of this shape reads, from 0 to 1.

    A digit image is made as MNIST's are; one of another shape shows the drawing as it is, as large
    as fits, in the middle.

    Raises EmptyDrawingError if there is nothing on it, NotAPictureError for inputs in one row.
    """
    if shape == (SIDE, SIDE):
        return digit_image(pixels)
    rows, columns = shape
    if min(shape) == 1:
        raise NotAPictureError(
            f"this network does not read pictures: its inputs are {rows * columns:,} numbers in "
            "a row, and nothing says which of them are beside each other"
        )
    darkest, lightest = pixels.min(), pixels.max()
    if darkest == lightest:
        raise EmptyDrawingError("the drawing is empty: all of its pixels are the same")
    ink = Image.fromarray(((pixels - darkest) / (lightest - darkest)).astype(np.float32))
    return np.asarray(ImageOps.pad(ink, (columns, rows), Image.Resampling.BILINEAR, color=0))


def picture_shape(inputs: int) -> tuple[int, int]:
    """Return the likely rows and columns of a picture with so many pixels."""
    side = math.isqrt(inputs)
    return (side, side) if side * side == inputs else (1, inputs)


def read_digit(network: Network, pixels: FloatArray, shape: tuple[int, int]) -> dict[str, Any]:
    """Read a drawing with the network; return what it saw, and each layer's activations.

    ``shape`` is that of the images that it was trained with. Raises what ``input_image`` raises.
    """
    image = input_image(pixels, shape)
    activations = [layer[0] for layer in network.forward(image.reshape(1, -1))]
    outputs = activations[-1]
    digit = int(np.argmax(outputs))
    return {
        "digit": digit,
        "confidence": float(outputs[digit]),
        "outputs": outputs.tolist(),
        "activations": [layer.tolist() for layer in activations],
        "image": image.ravel().tolist(),
    }

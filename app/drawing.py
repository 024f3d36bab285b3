"""A PNG becomes an array of pixels, and a network reads it.

What comes in is anybody's bytes: the size that a picture claims is checked before it is decoded.
"""

import io
import warnings
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from nn_core.digit_image import digit_image
from nn_core.network import Network
from nn_core.parameters import FloatArray


class BadDrawingError(ValueError):
    """These bytes are no picture that can be read; the message says why."""


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
    except (OSError, SyntaxError, ValueError) as error:
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


def read_digit(network: Network, pixels: FloatArray) -> dict[str, Any]:
    """Have the network read a drawing; return what it saw, and what each layer made of it.

    Raises EmptyDrawingError if there is nothing on it.
    """
    image = digit_image(pixels)
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
